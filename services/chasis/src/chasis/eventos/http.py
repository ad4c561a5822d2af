"""Transporte HTTP, para cuando todo vive en una máquina: un POST firmado a `/eventos` de cada suscriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

from chasis.eventos.firma import Firma
from chasis.eventos.sobre import uuid7

POR_ENTREGA = 1024 * 1024  # bytes; un solo evento puede pasarse
PLAZOS = (1.0, 30.0)  # conectar y contestar: una tanda entera se aplica antes de la respuesta
TIPO = "application/cloudevents-batch+json"


class TransporteHttp:
    """Entrega por orden y por trozos; lo que no tiene un 2xx no está entregado."""

    def __init__(self, direcciones: Mapping[str, str], firma: Firma) -> None:
        self._direcciones, self._firma = direcciones, firma
        self._sesiones = {destino: requests.Session() for destino in direcciones}
        for sesion in self._sesiones.values():
            sesion.trust_env = False

    def publicar(self, destino: str, filas: Sequence[Any]) -> tuple[list[int], Exception | None]:
        entregados: list[int] = []
        try:
            for trozo in _en_trozos(filas):
                self._entregar(destino, b"[" + b",".join(fila.cuerpo for fila in trozo) + b"]")
                entregados += [fila.id for fila in trozo]
        except requests.RequestException as fallo:
            return entregados, fallo
        return entregados, None

    def _entregar(self, destino: str, cuerpo: bytes) -> None:
        cabeceras = {"Content-Type": TIPO, **self._firma.cabeceras(uuid7(), cuerpo)}
        direccion = self._direcciones[destino] + "/eventos"
        respuesta = self._sesiones[destino].post(
            direccion, data=cuerpo, headers=cabeceras, timeout=PLAZOS, allow_redirects=False
        )
        if not 200 <= respuesta.status_code < 300:
            raise requests.HTTPError(f"{direccion} contestó {respuesta.status_code}")


def _en_trozos(filas: Sequence[Any]) -> Iterator[list[Any]]:
    trozo: list[Any] = []
    ocupado = 0
    for fila in filas:
        if trozo and ocupado + len(fila.cuerpo) > POR_ENTREGA:
            yield trozo
            trozo, ocupado = [], 0
        trozo.append(fila)
        ocupado += len(fila.cuerpo)
    yield trozo
