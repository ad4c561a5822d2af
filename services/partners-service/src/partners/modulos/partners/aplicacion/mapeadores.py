"""Del dominio a lo que se enseña: los objetos de las respuestas, clave a clave como en el README."""

from __future__ import annotations

from datetime import datetime

from partners.modulos.partners.dominio.entidades import Integracion, Objeto, Partner


def fecha(momento: datetime | None) -> str | None:
    """RFC 3339 en UTC, con segundos (`2026-01-31T12:34:56Z`)."""
    return None if momento is None else f"{momento.isoformat(timespec='seconds')}Z"


def partner(entidad: Partner) -> Objeto:
    return {
        "id": entidad.id,
        "nombre": entidad.nombre,
        "email": entidad.email,
        "telefono": entidad.telefono,
        "direccion": entidad.direccion,
        "estado": entidad.estado.value,
        "estado_kyc": entidad.estado_kyc.value,
        "fecha_creacion": fecha(entidad.fecha_creacion),
    }


def partner_completo(entidad: Partner) -> Objeto:
    return {
        **partner(entidad),
        "documentos_kyc": entidad.documentos_kyc,
        "fecha_actualizacion": fecha(entidad.fecha_actualizacion),
        "integraciones": [integracion(una) for una in entidad.integraciones],
    }


def verificacion(entidad: Partner) -> Objeto:
    return {
        "id": entidad.id,
        "nombre": entidad.nombre,
        "email": entidad.email,
        "estado_kyc": entidad.estado_kyc.value,
        "documentos_kyc": entidad.documentos_kyc,
        "fecha_actualizacion": fecha(entidad.fecha_actualizacion),
    }


def integracion(entidad: Integracion) -> Objeto:
    return {
        "id": entidad.id,
        "tipo": entidad.tipo.value,
        "nombre": entidad.nombre,
        "descripcion": entidad.descripcion,
        "activa": entidad.activa,
        "fecha_creacion": fecha(entidad.fecha_creacion),
        "fecha_revocacion": fecha(entidad.fecha_revocacion),
    }


def integracion_nueva(entidad: Integracion) -> Objeto:
    sin_revocar = {
        clave: valor for clave, valor in integracion(entidad).items() if clave != "fecha_revocacion"
    }
    return {"id": sin_revocar.pop("id"), "partner_id": entidad.partner_id, **sin_revocar}
