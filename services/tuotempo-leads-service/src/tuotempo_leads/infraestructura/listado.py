"""Los contactos que enseña el panel: se leen las filas de una página y se cuenta hasta un tope."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.filtro_de_leads import FiltroDeLeads
from tuotempo_leads.infraestructura.tablas import leads, usuarios

TOPE = 10_000  # más allá no se cuenta ni se pagina: se filtra o se exporta
_COLUMNAS = (
    *(leads.c.id, leads.c.nombre, leads.c.apellidos, leads.c.telefono, leads.c.codigo_postal, leads.c.cita),
    *(leads.c.nombre_clinica, leads.c.direccion_clinica, leads.c.conPack, leads.c.status_level_1),
    *(leads.c.status_level_2, leads.c.call_time, leads.c.call_attempts_count, leads.c.hora_rellamada),
    usuarios.c.username.label("agente"),
)


def pagina(conexion: sa.Connection, filtro: FiltroDeLeads, limite: int, salto: int) -> list[Any]:
    """Hasta `limite` contactos, del más nuevo al más antiguo, sin los `salto` primeros."""
    con_agente = leads.outerjoin(usuarios, usuarios.c.id == leads.c.agente_id)
    consulta = filtro.aplicar(sa.select(*_COLUMNAS).select_from(con_agente)).order_by(leads.c.id.desc())
    return list(conexion.execute(consulta.limit(limite).offset(salto)).all())


def contar(conexion: sa.Connection, filtro: FiltroDeLeads) -> int:
    """Cuántos cumplen el filtro, sin pasar de `TOPE + 1`."""
    primeros = filtro.aplicar(sa.select(leads.c.id)).limit(TOPE + 1).subquery()
    return int(conexion.execute(sa.select(sa.func.count()).select_from(primeros)).scalar_one())


def ids(filtro: FiltroDeLeads) -> sa.Select[Any]:
    """Consulta de los ids de todos los que cumplen el filtro."""
    return filtro.aplicar(sa.select(leads.c.id))


def ids_entre(elegidos: Collection[int]) -> sa.Select[Any]:
    """Consulta de los ids que existen de entre esos."""
    return sa.select(leads.c.id).where(leads.c.id.in_(elegidos))
