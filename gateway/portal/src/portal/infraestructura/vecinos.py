"""Preguntas a todos los servicios a la vez, con plazos y sin que ninguno detenga a los demás."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import orjson
import requests
from requests.adapters import HTTPAdapter

from chasis import contexto

CONEXION, LECTURA = 0.5, 1.0  # segundos
PLAZO = 1.6  # segundos para la ronda entera: `LECTURA` no acota a quien contesta byte a byte
RUTAS = 2  # cuántas rutas distintas se preguntan a la vez: el estado y la documentación


@dataclass(frozen=True)
class Respuesta:
    """Lo que contestó una réplica; si no contestó, `codigo` es 0 y `fallo` dice qué pasó."""

    codigo: int = 0
    cuerpo: Any = None
    ms: int | None = None
    fallo: str = ""


SIN_CONEXION = Respuesta(fallo="No se puede conectar")
SIN_TIEMPO = Respuesta(fallo="No contesta a tiempo")


class Vecinos:
    """Los servicios de `direcciones` (nombre → sus réplicas), con sus conexiones ya abiertas entre preguntas."""

    def __init__(self, direcciones: Mapping[str, tuple[str, ...]]) -> None:
        self._direcciones = direcciones
        replicas = sum(map(len, direcciones.values()))
        self._sesion = requests.Session()
        self._sesion.trust_env = False
        self._sesion.mount("http://", HTTPAdapter(pool_connections=replicas))
        self._sesion.mount("https://", HTTPAdapter(pool_connections=replicas))
        self._hilos = ThreadPoolExecutor(replicas * RUTAS, thread_name_prefix="vecino")
        self._en_curso: dict[str, Future[Respuesta]] = {}

    def preguntar(self, ruta: str) -> dict[str, list[Respuesta]]:
        """La respuesta de cada réplica de cada servicio a `GET ruta`."""
        # La identidad de la petición no pasa sola a los hilos.
        cabeceras = {**contexto.cabeceras(), "Accept": "application/json"}
        preguntas = {
            nombre: [self._pregunta(base + ruta, cabeceras) for base in replicas]
            for nombre, replicas in self._direcciones.items()
        }
        wait([pregunta for de_uno in preguntas.values() for pregunta in de_uno], timeout=PLAZO)
        return {nombre: [_respuesta(pregunta) for pregunta in de_uno] for nombre, de_uno in preguntas.items()}

    def _pregunta(self, url: str, cabeceras: dict[str, str]) -> Future[Respuesta]:
        # A quien aún debe la respuesta anterior no se le pregunta otra vez: así nunca faltan hilos.
        pregunta = self._en_curso.get(url)
        if pregunta is None or pregunta.done():
            pregunta = self._en_curso[url] = self._hilos.submit(self._preguntar, url, cabeceras)
        return pregunta

    def _preguntar(self, url: str, cabeceras: dict[str, str]) -> Respuesta:
        inicio = time.perf_counter()
        try:
            respuesta = self._sesion.get(
                url, headers=cabeceras, timeout=(CONEXION, LECTURA), allow_redirects=False
            )
        except requests.Timeout:
            return SIN_TIEMPO
        except requests.RequestException:
            return SIN_CONEXION
        ms = max(1, round((time.perf_counter() - inicio) * 1000))
        return Respuesta(respuesta.status_code, _json(respuesta.content), ms)


def _respuesta(pregunta: Future[Respuesta]) -> Respuesta:
    return pregunta.result() if pregunta.done() else SIN_TIEMPO


def _json(datos: bytes) -> Any:
    try:
        return orjson.loads(datos)
    except orjson.JSONDecodeError:
        return None
