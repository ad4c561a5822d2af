"""Todo lo que se sabe de un contacto y le ha pasado: cada consulta trae lo último y usa un índice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import (
    cambios_de_estado,
    citas,
    leads,
    llamadas,
    rellamadas,
    usuarios,
)

MAXIMO = 100  # sucesos de cada clase


def lead(conexion: sa.Connection, lead_id: int) -> Any:
    """El contacto entero, con el nombre de su agente, o `None`."""
    consulta = sa.select(leads, usuarios.c.username.label("agente"))
    consulta = consulta.outerjoin(usuarios, usuarios.c.id == leads.c.agente_id)
    return conexion.execute(consulta.where(leads.c.id == lead_id)).one_or_none()


def las_llamadas(conexion: sa.Connection, lead_id: int) -> list[Any]:
    return _ultimas(conexion, llamadas, llamadas.c.usuario_id, llamadas.c.lead_id == lead_id)


def los_cambios(conexion: sa.Connection, lead_id: int) -> list[Any]:
    tabla = cambios_de_estado
    return _ultimas(conexion, tabla, tabla.c.usuario_id, tabla.c.lead_id == lead_id)


def las_rellamadas(conexion: sa.Connection, lead_id: int) -> list[Any]:
    return _ultimas(conexion, rellamadas, rellamadas.c.agente_id, rellamadas.c.lead_id == lead_id)


def las_citas(conexion: sa.Connection, lead_id: int, telefono: str) -> list[Any]:
    """Las del contacto y las que se pidieron con su teléfono, que puede compartir con otro."""
    suyas = citas.c.lead_id == lead_id
    if telefono:
        suyas = sa.or_(suyas, citas.c.telefono_norm == telefono)
    return _ultimas(conexion, citas, citas.c.usuario_id, suyas)


def _ultimas(
    conexion: sa.Connection, tabla: sa.Table, quien: sa.Column[Any], suyas: sa.ColumnElement[bool]
) -> list[Any]:
    consulta = sa.select(tabla, usuarios.c.username.label("usuario")).outerjoin(
        usuarios, usuarios.c.id == quien
    )
    return list(conexion.execute(consulta.where(suyas).order_by(tabla.c.id.desc()).limit(MAXIMO)).all())
