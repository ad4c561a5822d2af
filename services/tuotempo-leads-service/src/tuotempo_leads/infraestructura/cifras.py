"""Recuentos de contactos y llamadas, hechos por la base con sus índices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import leads, llamadas


class Grupo(NamedTuple):
    """Cuántos hay con un mismo estado. `nivel_2` solo se sabe de los contactos."""

    nivel_1: str
    nivel_2: str
    con_pack: bool
    cuantos: int


def contactos(conexion: sa.Connection) -> list[Grupo]:
    """Todos los contactos, por estado, subestado y pack."""
    columnas = (leads.c.status_level_1, leads.c.status_level_2, leads.c.conPack)
    consulta = sa.select(*columnas, sa.func.count()).group_by(*columnas)
    return [Grupo(uno or "", dos or "", bool(pack), n) for uno, dos, pack, n in conexion.execute(consulta)]


def llamadas_por_dia(conexion: sa.Connection, limites: Sequence[datetime]) -> dict[int, list[Grupo]]:
    """Llamadas por estado en cada tramo `[limites[i], limites[i + 1])` (UTC); los tramos sin llamadas no salen."""
    momento, columnas = llamadas.c.momento, (llamadas.c.status_level_1, llamadas.c.conPack)
    tramo = sa.case(*((momento < fin, i) for i, fin in enumerate(limites[1:]))).label("tramo")
    consulta = (
        sa.select(tramo, *columnas, sa.func.count())
        .where(momento >= limites[0], momento < limites[-1])
        .group_by(tramo, *columnas)
    )
    grupos: dict[int, list[Grupo]] = {}
    for numero, uno, pack, n in conexion.execute(consulta):
        grupos.setdefault(numero, []).append(Grupo(uno or "", "", bool(pack), n))
    return grupos
