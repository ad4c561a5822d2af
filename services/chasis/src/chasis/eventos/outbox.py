"""Outbox: el evento se guarda en la misma transacción que el efecto, y existe si y solo si el efecto existe."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos import sobre
from chasis.eventos.tablas import ESPERA, OUTBOX, recortar

_ALTA = sa.insert(OUTBOX)


class Outbox:
    """Quién publica y a quién: con HTTP, una fila por suscriptor (uno caído no retiene a otros); con Pulsar, una."""

    def __init__(self, fuente: str, suscriptores: Mapping[str, tuple[str, ...]], destino_comun: str) -> None:
        self.fuente = fuente
        self._suscriptores = suscriptores
        self._comun = (destino_comun,) if destino_comun else ()
        self.destinos = self._comun or tuple(sorted({d for grupo in suscriptores.values() for d in grupo}))

    def interesa(self, tema: str) -> bool:
        """Falso si nadie escucha ese tema: publicar no dejaría nada."""
        return bool(self._comun or self._suscriptores.get(tema))

    def guardar(self, conexion: sa.Connection, tema: str, clave: str, cuerpo: bytes) -> None:
        """Una fila por destino; ninguna si nadie escucha ese tema. `cuerpo` es el CloudEvent tal como saldrá."""
        fila = {"tema": tema, "clave": recortar(clave), "cuerpo": cuerpo, "creado": time.time()}
        if filas := [{"destino": d, **fila} for d in self._comun or self._suscriptores.get(tema, ())]:
            conexion.execute(_ALTA, filas)
            conexion.info["hay_eventos"] = True  # `BaseDeDatos.escritura` avisa al relay después de confirmar


def emitir(conexion: sa.Connection, tema: str, suceso: Any, *, clave: str, secuencia: int) -> None:
    """Publica `suceso` (una dataclass; su clase es el tipo) si y solo si la transacción se confirma.

    `clave` es la del agregado: los eventos de una clave llegan en orden. `secuencia` crece en cada agregado.
    """
    outbox: Outbox = conexion.get_execution_options()["outbox"]
    _, cuerpo = sobre.escribir(outbox.fuente, tema, suceso, clave, secuencia)
    outbox.guardar(conexion, tema, clave, cuerpo)


def estado(bd: BaseDeDatos) -> dict[str, Any]:
    """Filas por publicar y segundos de la más antigua; eventos que esperan otro intento y eventos muertos."""
    muertas = sa.func.coalesce(sa.func.sum(ESPERA.c.muerta), 0)
    with bd.lectura() as conexion:
        pendientes, desde = conexion.execute(
            sa.select(sa.func.count(), sa.func.min(OUTBOX.c.creado)).select_from(OUTBOX)
        ).one()
        aplazados, muertos = conexion.execute(sa.select(sa.func.count(), muertas).select_from(ESPERA)).one()
    return {
        "pendientes": pendientes,
        "mas_antiguo_s": round(max(0.0, time.time() - desde), 1) if desde else 0.0,
        "en_espera": int(aplazados - muertos),
        "muertos": int(muertos),
    }
