"""Vistas guardadas: los filtros de `/leads` a los que cada usuario ha puesto nombre."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.altas import cambiar_o_crear
from tuotempo_leads.infraestructura.tablas import vistas_guardadas as vistas

MAXIMO = 20


def de_usuario(conexion: sa.Connection, usuario_id: int) -> list[Any]:
    suyas = sa.select(vistas).where(vistas.c.usuario_id == usuario_id).order_by(vistas.c.nombre)
    return list(conexion.execute(suyas.limit(MAXIMO)).all())


def guardar(conexion: sa.Connection, usuario_id: int, nombre: str, filtros: str, ahora: datetime) -> bool:
    """La crea o, si ya hay una suya con ese nombre, la cambia; `False` si no le caben más."""
    suyas = [vista.nombre for vista in de_usuario(conexion, usuario_id)]
    if nombre not in suyas and len(suyas) >= MAXIMO:
        return False
    nueva = {"usuario_id": usuario_id, "nombre": nombre, "filtros": filtros, "creada_en": ahora}
    suya = (vistas.c.usuario_id == usuario_id, vistas.c.nombre == nombre)
    cambio = sa.update(vistas).where(*suya).values(filtros=filtros)
    cambiar_o_crear(conexion, cambio, sa.insert(vistas).values(nueva))
    return True


def quitar(conexion: sa.Connection, usuario_id: int, vista_id: int) -> None:
    conexion.execute(sa.delete(vistas).where(vistas.c.usuario_id == usuario_id, vistas.c.id == vista_id))
