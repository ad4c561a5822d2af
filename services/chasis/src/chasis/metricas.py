"""Métricas de Prometheus: peticiones y duración por ruta, sumando los procesos de gunicorn.

Con varios procesos, `PROMETHEUS_MULTIPROC_DIR` es la carpeta donde cada uno deja sus cuentas.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

TIPO = CONTENT_TYPE_LATEST

_peticiones = Counter("http_peticiones", "Peticiones atendidas", ["metodo", "ruta", "estado"])
_duracion = Histogram(
    "http_duracion_segundos",
    "Duración de las peticiones",
    ["metodo", "ruta"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@cache
def _series(metodo: str, ruta: str, estado: int) -> tuple[Counter, Histogram]:
    return _peticiones.labels(metodo, ruta, str(estado)), _duracion.labels(metodo, ruta)


def anotar(metodo: str, ruta: str, estado: int, segundos: float) -> None:
    """Cuenta una petición; `ruta` es la regla (`/clientes/<id>`), nunca la dirección recibida."""
    contador, histograma = _series(metodo, ruta, estado)
    contador.inc()
    histograma.observe(segundos)


def exposicion(colectores: Iterable[Collector] = ()) -> bytes:
    """Texto para `/metrics`; los colectores miden en el momento de preguntar (filas pendientes…)."""
    registro = CollectorRegistry()
    for colector in colectores:
        registro.register(colector)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(registro)
    MultiProcessCollector(registro)  # type: ignore[no-untyped-call]
    return generate_latest(registro)
