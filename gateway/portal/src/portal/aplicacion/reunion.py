"""Las API de todos los servicios en un solo documento OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import structlog

from portal.aplicacion.prefijos import caminos, componentes
from portal.infraestructura.vecinos import Respuesta, Vecinos
from portal.servicios import Servicio

RUTA = "/openapi.json"
_PRESENTACION = "Todo lo que se le puede pedir a Centralita a través del gateway, servicio a servicio."


@dataclass(frozen=True)
class Reunion:
    """El documento, y si están en él todos los servicios."""

    documento: dict[str, Any]
    completa: bool


def reunir(vecinos: Vecinos, servicios: Sequence[Servicio]) -> Reunion:
    """Pide su documento a cada servicio y los junta; el que no dé uno bueno queda fuera y se dice."""
    respuestas = vecinos.preguntar(RUTA)
    partes = {servicio: _parte(servicio, respuestas[servicio.nombre]) for servicio in servicios}
    presentes = {servicio: parte for servicio, parte in partes.items() if parte}
    ausentes = [servicio.titulo for servicio in servicios if servicio not in presentes]
    return Reunion(_unir(presentes, ausentes), completa=not ausentes)


def _parte(servicio: Servicio, replicas: Sequence[Respuesta]) -> dict[str, Any] | None:
    for replica in replicas:
        if replica.codigo != 200:
            continue
        try:
            documento = replica.cuerpo
            return {"paths": caminos(documento, servicio), "components": componentes(documento, servicio)}
        except (AttributeError, KeyError, TypeError, RecursionError) as fallo:
            structlog.get_logger().warning("openapi_roto", de=servicio.nombre, error=repr(fallo))
    return None


def _unir(partes: Mapping[Servicio, Mapping[str, Any]], ausentes: Sequence[str]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for parte in partes.values():
        paths |= parte["paths"]
        for clase, suyos in parte["components"].items():
            components.setdefault(clase, {}).update(suyos)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Centralita",
            "version": version("centralita-portal"),
            "description": _descripcion(ausentes),
        },
        "servers": [{"url": "/"}],
        "tags": [_etiqueta(servicio) for servicio in partes],
        "paths": paths,
        "components": components,
    }


def _descripcion(ausentes: Sequence[str]) -> str:
    if not ausentes:
        return _PRESENTACION
    return f"{_PRESENTACION}\n\n**No contestan ahora, y por eso faltan aquí:** {', '.join(ausentes)}."


def _etiqueta(servicio: Servicio) -> dict[str, Any]:
    return {
        "name": servicio.titulo,
        "description": servicio.para_que,
        "externalDocs": {"description": "Solo esta API", "url": f"{servicio.prefijo}/docs"},
    }
