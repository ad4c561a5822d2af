"""Entre las filas y el dominio, en los dos sentidos, y de la fila al objeto de una lista."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from partners.modulos.partners.aplicacion.mapeadores import fecha, integracion
from partners.modulos.partners.dominio.entidades import (
    CambioKYC,
    EstadoKYC,
    EstadoPartner,
    Integracion,
    Objeto,
    Partner,
    TipoIntegracion,
)

Fila = sa.Row[Any, Any, Any]


def a_partner(fila: Fila, integraciones: list[Integracion]) -> Partner:
    return Partner(
        id=fila.id,
        nombre=fila.nombre,
        email=fila.email,
        telefono=fila.telefono,
        direccion=fila.direccion,
        fecha_creacion=fila.fecha_creacion,
        fecha_actualizacion=fila.fecha_actualizacion,
        estado=EstadoPartner(fila.estado),
        estado_kyc=EstadoKYC(fila.estado_kyc),
        documentos_kyc=fila.documentos_kyc,
        version=fila.version,
        guardada=fila.version,
        integraciones=integraciones,
    )


def de_partner(partner: Partner) -> Objeto:
    return {
        "id": partner.id,
        "nombre": partner.nombre,
        "email": partner.email,
        "email_clave": partner.email.lower(),
        "busqueda": f"{partner.nombre}\n{partner.email}".casefold(),
        "telefono": partner.telefono,
        "direccion": partner.direccion,
        "estado": partner.estado.value,
        "estado_kyc": partner.estado_kyc.value,
        "documentos_kyc": partner.documentos_kyc,
        "fecha_creacion": partner.fecha_creacion,
        "fecha_actualizacion": partner.fecha_actualizacion,
        "version": partner.version,
    }


def a_integracion(fila: Fila) -> Integracion:
    return Integracion(
        id=fila.id,
        partner_id=fila.partner_id,
        tipo=TipoIntegracion(fila.tipo),
        nombre=fila.nombre,
        descripcion=fila.descripcion,
        fecha_creacion=fila.fecha_creacion,
        activa=fila.activa,
        fecha_revocacion=fila.fecha_revocacion,
        motivo_revocacion=fila.motivo_revocacion,
    )


def de_integracion(entidad: Integracion) -> Objeto:
    return {
        "id": entidad.id,
        "partner_id": entidad.partner_id,
        "tipo": entidad.tipo.value,
        "nombre": entidad.nombre,
        "descripcion": entidad.descripcion,
        "configuracion": entidad.configuracion,
        "activa": entidad.activa,
        "fecha_creacion": entidad.fecha_creacion,
    }


def de_revocacion(entidad: Integracion) -> Objeto:
    return {"cual": entidad.id, "cuando": entidad.fecha_revocacion, "por_que": entidad.motivo_revocacion}


def de_cambio_kyc(partner: Partner, cambio: CambioKYC) -> Objeto:
    return {
        "partner_id": partner.id,
        "de": cambio.de.value,
        "a": cambio.a.value,
        "comentarios": cambio.comentarios,
        "documentos": cambio.documentos,
        "fecha": cambio.fecha,
    }


def resumen(fila: Fila) -> Objeto:
    return {
        "id": fila.id,
        "nombre": fila.nombre,
        "email": fila.email,
        "telefono": fila.telefono,
        "estado": fila.estado,
        "estado_kyc": fila.estado_kyc,
        "fecha_creacion": fecha(fila.fecha_creacion),
        "integraciones_count": fila.integraciones_count,
    }


def integracion_de_lista(fila: Fila) -> Objeto:
    return integracion(a_integracion(fila))


def linea_de_historial(fila: Fila) -> Objeto:
    return {
        "de": fila.de,
        "a": fila.a,
        "comentarios": fila.comentarios,
        "documentos": fila.documentos,
        "fecha": fecha(fila.fecha),
    }
