"""Registros: una línea JSON por suceso a la salida estándar, con servicio, petición y traza, sin datos personales.

En una terminal (o con `LOG_FORMAT=consola`) las mismas líneas salen legibles.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from chasis import contexto, mascaras

Evento = MutableMapping[str, Any]
_PRIMERO = ("hora", "level", "servicio", "event")
_MAXIMO_DE_TRAZA = 3000  # una línea que no pasa de PIPE_BUF (4096) nunca se mezcla con la de otro proceso


def configurar(servicio: str, formato: str = "auto", nivel: str = "INFO") -> None:
    """Deja listos structlog y `logging`; `formato` es `json`, `consola` o `auto` (consola si hay terminal)."""
    en_consola = formato == "consola" or (formato == "auto" and sys.stdout.isatty())
    comunes = [
        _identidad(servicio),
        structlog.processors.add_log_level,
        _hora(en_consola),
        structlog.processors.format_exc_info,  # antes que las máscaras: una traza también lleva datos
        _acortar_traza,
        mascaras.procesador,
    ]
    final: Any = (
        structlog.dev.ConsoleRenderer() if en_consola else structlog.processors.JSONRenderer(_a_texto)
    )
    structlog.configure(
        processors=[*comunes, final],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(nivel)),
        logger_factory=Salida,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(para_logging(comunes, final, nivel))


def para_logging(comunes: list[Any], final: Any, nivel: str) -> dict[str, Any]:
    """Lleva al mismo formato lo que escriben las bibliotecas (SQLAlchemy, gunicorn, urllib3…)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"sin_accesos": {"()": SinAccesosDeDesarrollo}},
        "formatters": {
            "casa": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": comunes,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
            },
            "llano": {"format": "%(message)s"},
        },
        "handlers": {
            "casa": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "casa"},
            "llano": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "llano",
                "filters": ["sin_accesos"],
            },
        },
        "loggers": {"werkzeug": {"handlers": ["llano"], "propagate": False, "level": "INFO"}},
        "root": {"handlers": ["casa"], "level": "WARNING" if nivel == "INFO" else nivel},
    }


class Salida:
    """Escribe cada línea de una vez; dos escrituras podrían quedar separadas por la línea de otro proceso."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, linea: str) -> None:
        sys.stdout.write(linea + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = msg


class SinAccesosDeDesarrollo(logging.Filter):
    """Quita las líneas de acceso del servidor de desarrollo: llevan la dirección entera, con datos personales."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.args


def _identidad(servicio: str) -> Any:
    def procesador(_: Any, __: str, evento: Evento) -> Evento:
        evento["servicio"] = servicio
        if peticion := contexto.peticion_id.get():
            evento["peticion"] = peticion
            evento["traza"] = contexto.traza.get()[3:35]
        return evento

    return procesador


def _hora(en_consola: bool) -> Any:
    return structlog.processors.TimeStamper(
        fmt="%H:%M:%S" if en_consola else "iso", utc=not en_consola, key="hora"
    )


def _acortar_traza(_: Any, __: str, evento: Evento) -> Evento:
    if traza := evento.get("exception"):
        evento["exception"] = traza[-_MAXIMO_DE_TRAZA:]
    return evento


def _a_texto(evento: Evento, **_: Any) -> str:
    primero = {clave: evento.pop(clave) for clave in _PRIMERO if clave in evento}
    return orjson.dumps({**primero, **evento}, default=str).decode()
