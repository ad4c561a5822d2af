"""Registros: una línea JSON por suceso a la salida estándar, con servicio, petición y traza, sin datos personales.

En una terminal (o con `LOG_FORMAT=consola`) las mismas líneas salen legibles.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from chasis import contexto, mascaras

Evento = MutableMapping[str, Any]
Procesador = Callable[[Any, str, Evento], Evento]
_MAXIMO_DE_TRAZA = 3000  # una línea que no pasa de PIPE_BUF (4096) nunca se mezcla con la de otro proceso


def configurar(servicio: str, formato: str = "auto", nivel: str = "INFO") -> None:
    """Deja listos structlog y `logging`; `formato` es `json`, `consola` o `auto` (consola si hay terminal)."""
    en_consola = formato == "consola" or (formato == "auto" and sys.stdout.isatty())
    completar, escribir = _completar(servicio), structlog.dev.ConsoleRenderer() if en_consola else _a_json
    structlog.configure(
        processors=[completar, escribir],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(nivel)),
        logger_factory=lambda *_: Salida(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_para_logging(completar, escribir, nivel))


class Salida:
    """Escribe cada línea de una vez; dos escrituras podrían quedar separadas por la línea de otro proceso."""

    def msg(self, linea: str) -> None:
        sys.stdout.write(linea + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = msg


class SinAccesosDeDesarrollo(logging.Filter):
    """Quita las líneas de acceso del servidor de desarrollo: llevan la dirección entera, con datos personales."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.args


def _completar(servicio: str) -> Procesador:
    # Un solo procesador y no cinco: se ejecuta en cada petición.
    def procesador(registrador: Any, nivel: str, suceso: Evento) -> Evento:
        hora = datetime.now(UTC).isoformat(timespec="milliseconds")
        linea: Evento = {"hora": hora, "level": nivel, "servicio": servicio, "event": suceso.pop("event", "")}
        linea.update(suceso)
        if peticion := contexto.peticion_id.get():
            linea["peticion"] = peticion
            linea["traza"] = contexto.traza.get()[3:35]
        if "exc_info" in linea:
            linea = structlog.processors.format_exc_info(registrador, nivel, linea)
            linea["exception"] = linea.get("exception", "")[-_MAXIMO_DE_TRAZA:]
        return mascaras.tapar(linea)

    return procesador


def _a_json(_: Any, __: str, linea: Evento) -> str:
    return orjson.dumps(linea, default=str).decode()


def _para_logging(completar: Procesador, escribir: Any, nivel: str) -> dict[str, Any]:
    """Lleva al mismo formato lo que escriben las bibliotecas (SQLAlchemy, gunicorn, urllib3…)."""
    a_la_salida = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"sin_accesos": {"()": SinAccesosDeDesarrollo}},
        "formatters": {
            "casa": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [completar],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, escribir],
            },
            "llano": {"format": "%(message)s"},
        },
        "handlers": {
            "casa": {**a_la_salida, "formatter": "casa"},
            "llano": {**a_la_salida, "formatter": "llano", "filters": ["sin_accesos"]},
        },
        "loggers": {"werkzeug": {"handlers": ["llano"], "propagate": False, "level": "INFO"}},
        "root": {"handlers": ["casa"], "level": "WARNING" if nivel == "INFO" else nivel},
    }
