"""Métricas de Prometheus: peticiones y duración por ruta, sumando los procesos de gunicorn.

Con varios procesos, `PROMETHEUS_MULTIPROC_DIR` es la carpeta donde cada uno deja sus cuentas.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import Any

import prometheus_client as prom
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

TIPO = prom.CONTENT_TYPE_LATEST

_peticiones = prom.Counter("http_peticiones", "Peticiones atendidas", ["metodo", "ruta", "estado"])
_TRAMOS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_duracion = prom.Histogram("http_duracion_segundos", "Lo que tardan", ["metodo", "ruta"], buckets=_TRAMOS)
# Por proceso: con la suma, un pool agotado quedaría tras otro ocioso. Sin etiqueta se abrirían ya al importarse.
_POOL: Any = {"labelnames": ["base"], "multiprocess_mode": "liveall"}
transacciones = prom.Gauge("bd_transacciones", "Con conexión o esperándola", **_POOL)
conexiones = prom.Gauge("bd_conexiones_maximo", "Las que caben en el pool", **_POOL)
salud = prom.Gauge("salud_comprobacion", "1: bien", ["comprobacion"], multiprocess_mode="livemostrecent")


@cache
def _series(metodo: str, ruta: str, estado: int) -> tuple[prom.Counter, prom.Histogram]:
    return _peticiones.labels(metodo, ruta, str(estado)), _duracion.labels(metodo, ruta)


def anotar(metodo: str, ruta: str, estado: int, segundos: float) -> None:
    """Cuenta una petición; `ruta` es la regla (`/clientes/<id>`), nunca la dirección recibida."""
    contador, histograma = _series(metodo, ruta, estado)
    contador.inc()
    histograma.observe(segundos)


def exposicion(colectores: Iterable[Collector] = ()) -> bytes:
    """Texto para `/metrics`; los colectores miden en el momento de preguntar (filas pendientes…)."""
    registro = prom.CollectorRegistry()
    for colector in colectores:
        registro.register(colector)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return prom.generate_latest(prom.REGISTRY) + prom.generate_latest(registro)
    MultiProcessCollector(registro)  # type: ignore[no-untyped-call]
    return prom.generate_latest(registro)
