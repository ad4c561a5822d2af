"""La cola de rellamadas pendientes: qué trozo se pide, cuántas hay en cada uno y de quién son."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.exclusiones import LEAD_EXCLUIDO
from tuotempo_leads.infraestructura.tablas import leads, rellamadas, usuarios

_PENDIENTE = (rellamadas.c.estado == "pendiente", ~LEAD_EXCLUIDO)
_DE_LA_COLA = sa.select(
    *(rellamadas.c.id, rellamadas.c.lead_id, rellamadas.c.momento, rellamadas.c.motivo, rellamadas.c.codigo),
    *(rellamadas.c.agente_id, usuarios.c.username.label("agente")),
    *(leads.c.nombre, leads.c.apellidos, leads.c.telefono, leads.c.call_attempts_count.label("intentos")),
    *(leads.c.nombre_clinica, leads.c.status_level_2),
).select_from(
    rellamadas.join(leads, leads.c.id == rellamadas.c.lead_id).outerjoin(
        usuarios, usuarios.c.id == rellamadas.c.agente_id
    )
)
Tramo = tuple[datetime | None, datetime | None]


def del_tramo(
    conexion: sa.Connection, tramo: Tramo, agente_id: int | None, limite: int, salto: int
) -> list[Any]:
    """Las pendientes de ese trozo de tiempo (desde, incluido, y hasta), por hora; de un agente, con las de nadie."""
    consulta = _DE_LA_COLA.where(*_PENDIENTE, *_en(tramo), *_de(agente_id))
    consulta = consulta.order_by(rellamadas.c.momento, rellamadas.c.id).limit(limite).offset(salto)
    return list(conexion.execute(consulta).all())


def contar(conexion: sa.Connection, tramos: dict[str, Tramo], agente_id: int | None) -> dict[str, int]:
    """Cuántas hay en cada tramo, todos de una vez."""
    sumas = [
        sa.func.coalesce(sa.func.sum(sa.case((sa.and_(sa.true(), *_en(tramo)), 1), else_=0)), 0).label(nombre)
        for nombre, tramo in tramos.items()
    ]
    consulta = sa.select(*sumas).select_from(rellamadas.join(leads, leads.c.id == rellamadas.c.lead_id))
    fila = conexion.execute(consulta.where(*_PENDIENTE, *_de(agente_id))).one()
    return {nombre: int(cuantas) for nombre, cuantas in zip(tramos, fila, strict=True)}


def leads_de(ids: Sequence[int]) -> sa.Select[Any]:
    """Consulta de los leads de esas rellamadas que sigan pendientes."""
    return sa.select(rellamadas.c.lead_id).where(rellamadas.c.id.in_(ids), rellamadas.c.estado == "pendiente")


def agentes(conexion: sa.Connection) -> list[Any]:
    """`id` y `username` de quienes pueden llamar, por nombre."""
    consulta = sa.select(usuarios.c.id, usuarios.c.username).where(usuarios.c.activo.is_(True))
    return list(conexion.execute(consulta.order_by(usuarios.c.username)).all())


def existe_agente(conexion: sa.Connection, agente_id: int) -> bool:
    consulta = sa.select(usuarios.c.id).where(usuarios.c.id == agente_id, usuarios.c.activo.is_(True))
    return conexion.execute(consulta).first() is not None


def _en(tramo: Tramo) -> tuple[sa.ColumnElement[bool], ...]:
    desde, hasta = tramo
    condiciones = []
    if desde is not None:
        condiciones.append(rellamadas.c.momento >= desde)
    if hasta is not None:
        condiciones.append(rellamadas.c.momento < hasta)
    return tuple(condiciones)


def _de(agente_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    if agente_id is None:
        return ()
    return (sa.or_(rellamadas.c.agente_id == agente_id, rellamadas.c.agente_id.is_(None)),)
