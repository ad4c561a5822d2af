"""El sobre en el que TuoTempo mete casi todo: `result`, `return`, `msg`, `exception` y unos tiempos."""

from __future__ import annotations

from typing import Any

from flask import g

from chasis.errores import ErrorDeServicio


def correcto(contenido: Any, msg: str = "", **mas: Any) -> dict[str, Any]:
    return _sobre("OK", contenido, msg, "") | mas


def excepcion(error: ErrorDeServicio) -> dict[str, Any]:
    """Dialecto de errores: también los de HTTP (ruta, tamaño…) van en un sobre. `return` no es un objeto: es `[]`."""
    return _sobre("EXCEPTION", [], error.texto, error.codigo)


def tiempos() -> dict[str, int]:
    """Los milisegundos simulados de esta petición."""
    ms: int = g.get("ms", 0)
    return {"execution_time": ms, "net_execution_time": ms}


def _sobre(resultado: str, contenido: Any, msg: str, codigo: str) -> dict[str, Any]:
    return {
        "result": resultado,
        "return": contenido,
        "msg": msg,
        "exception": codigo,
        "debug": "",
        **tiempos(),
    }
