"""El documento de un cliente y sus cambios. Cada función devuelve un documento nuevo y conserva lo que no conoce."""

from __future__ import annotations

from datetime import date
from typing import Any

from chasis.errores import Conflicto

Documento = dict[str, Any]


def nuevo(nombre: str, contacto: str, servicio: str, hoy: date) -> Documento:
    """Cliente con su primer servicio contratado."""
    return {"nombre": nombre, "contacto": contacto, "servicios": [_servicio(servicio, hoy)]}


def con_servicio(documento: Documento, servicio: str, hoy: date) -> Documento:
    servicios = documento.get("servicios", [])
    if not isinstance(servicios, list):
        raise Conflicto("El documento del cliente no tiene una lista de servicios", campo="servicios")
    return {**documento, "servicios": [*servicios, _servicio(servicio, hoy)]}


def con_contacto(documento: Documento, contacto: str) -> Documento:
    return {**documento, "contacto": contacto}


def ficha(documento: Documento) -> Documento:
    """Lo que se enseña de un cliente: exactamente las tres claves del README."""
    return {
        "contacto": documento.get("contacto"),
        "nombre": documento.get("nombre"),
        "servicios": documento.get("servicios", []),
    }


def _servicio(descripcion: str, hoy: date) -> dict[str, str]:
    return {"descripcion": descripcion, "fecha_contratacion": hoy.isoformat()}
