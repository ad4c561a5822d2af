"""Salud de un proceso: una lista de comprobaciones con nombre, cada una con su motivo y su duración."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from chasis import metricas

Comprobacion = Callable[[], Mapping[str, Any] | None]
"""Devuelve detalles (o nada) si todo va bien; lanza una excepción si no."""


def informe(
    servicio: str, version: str, comprobaciones: Mapping[str, Comprobacion]
) -> tuple[dict[str, Any], bool]:
    """Ejecuta todas las comprobaciones y dice si el servicio puede recibir tráfico."""
    resultados = {nombre: _comprobar(nombre, comprobacion) for nombre, comprobacion in comprobaciones.items()}
    listo = all(resultado["ok"] for resultado in resultados.values())
    estado = "ready" if listo else "not_ready"
    return {"status": estado, "servicio": servicio, "version": version, "comprobaciones": resultados}, listo


def _comprobar(nombre: str, comprobacion: Comprobacion) -> dict[str, Any]:
    inicio = time.perf_counter()
    try:
        detalles: dict[str, Any] = {"ok": True, **(comprobacion() or {})}
    except Exception as fallo:  # noqa: BLE001 — cualquier fallo de una dependencia es, precisamente, el resultado
        structlog.get_logger().warning("comprobacion_fallida", comprobacion=nombre, error=repr(fallo))
        detalles = {"ok": False, "motivo": type(fallo).__name__}
    metricas.salud.labels(nombre).set(detalles["ok"])
    return {**detalles, "ms": round((time.perf_counter() - inicio) * 1000, 1)}
