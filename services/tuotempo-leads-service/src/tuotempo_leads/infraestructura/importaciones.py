"""Trabajos de importación y el turno de quien los hace.

Cada función recibe la conexión de la transacción en curso; las horas son UTC sin zona.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tuotempo_leads.infraestructura.tablas import importaciones, tareas

PENDIENTE, LEYENDO, GUARDANDO = "pendiente", "leyendo", "guardando"
TERMINADA, FALLIDA, CANCELADA = "terminada", "fallida", "cancelada"
ABIERTAS = (PENDIENTE, LEYENDO, GUARDANDO)
_TURNO = "importaciones"
_POR_EMPEZAR = {
    "procesadas": 0,
    "total": None,
    "filas_por_segundo": None,
    "creadas": 0,
    "actualizadas": 0,
    "sin_cambios": 0,
    "omitidas": 0,
    "erroneas": 0,
    "eliminadas": 0,
}


def crear(conexion: sa.Connection, fila: Mapping[str, Any]) -> None:
    conexion.execute(sa.insert(importaciones), {"estado": PENDIENTE, **fila})


def obtener(conexion: sa.Connection, importacion_id: str) -> dict[str, Any] | None:
    consulta = sa.select(importaciones).where(importaciones.c.id == importacion_id)
    fila = conexion.execute(consulta).mappings().one_or_none()
    return dict(fila) if fila else None


def lista() -> sa.Select[Any]:
    """Las importaciones, la más reciente primero."""
    return sa.select(importaciones).order_by(importaciones.c.creada_en.desc(), importaciones.c.id.desc())


def abiertas(conexion: sa.Connection) -> list[dict[str, Any]]:
    """Las que esperan y la que alguien dejó a medias, la más antigua primero."""
    consulta = sa.select(importaciones).where(importaciones.c.estado.in_(ABIERTAS))
    ordenada = consulta.order_by(importaciones.c.creada_en, importaciones.c.id).limit(100)
    return [dict(fila) for fila in conexion.execute(ordenada).mappings()]


def empezar(conexion: sa.Connection, importacion_id: str, trabajador: str, ahora: datetime) -> None:
    """La anota como empezada por `trabajador`, desde cero aunque alguien la hubiera dejado a medias."""
    _cambiar(
        conexion,
        importacion_id,
        estado=LEYENDO,
        trabajador=trabajador,
        intentos=importaciones.c.intentos + 1,
        empezada_en=ahora,
        **_POR_EMPEZAR,
    )


def avanzar(conexion: sa.Connection, importacion_id: str, **progreso: Any) -> None:
    _cambiar(conexion, importacion_id, **progreso)


def por_cancelar(conexion: sa.Connection, importacion_id: str) -> bool:
    """Si alguien ha pedido que se cancele."""
    consulta = sa.select(importaciones.c.cancelar).where(importaciones.c.id == importacion_id)
    return bool(conexion.execute(consulta).scalar())


def pedir_cancelacion(conexion: sa.Connection, importacion_id: str) -> None:
    _cambiar(conexion, importacion_id, cancelar=True)


def cerrar(
    conexion: sa.Connection, importacion_id: str, estado: str, ahora: datetime, **valores: Any
) -> None:
    """La deja terminada, fallida o cancelada."""
    _cambiar(
        conexion, importacion_id, estado=estado, terminada_en=ahora, vence_turno=None, ruta=None, **valores
    )


def _cambiar(conexion: sa.Connection, importacion_id: str, **valores: Any) -> None:
    conexion.execute(sa.update(importaciones).where(importaciones.c.id == importacion_id).values(**valores))


def preparar_turno(conexion: sa.Connection) -> None:
    """Crea, si falta, la fila por la que compiten los trabajadores."""
    if conexion.execute(sa.select(tareas.c.nombre).where(tareas.c.nombre == _TURNO)).scalar() is None:
        try:
            with conexion.begin_nested():
                conexion.execute(sa.insert(tareas).values(nombre=_TURNO))
        except IntegrityError:
            return  # la ha creado otro a la vez


def tomar_turno(conexion: sa.Connection, trabajador: str, ahora: datetime, vigencia: timedelta) -> bool:
    """Toma el turno si está libre o venció, y dice si lo ha conseguido."""
    libre = sa.or_(tareas.c.vence_turno.is_(None), tareas.c.vence_turno < ahora)
    orden = sa.update(tareas).where(tareas.c.nombre == _TURNO, libre)
    return conexion.execute(orden.values(trabajador=trabajador, vence_turno=ahora + vigencia)).rowcount == 1


def renovar_turno(conexion: sa.Connection, trabajador: str, ahora: datetime, vigencia: timedelta) -> bool:
    """Alarga el turno propio; `False` si ya es de otro. Hasta que acabe la transacción, nadie puede quitárselo."""
    orden = sa.update(tareas).where(tareas.c.nombre == _TURNO, tareas.c.trabajador == trabajador)
    return conexion.execute(orden.values(vence_turno=ahora + vigencia)).rowcount == 1


def soltar_turno(conexion: sa.Connection, trabajador: str) -> None:
    orden = sa.update(tareas).where(tareas.c.nombre == _TURNO, tareas.c.trabajador == trabajador)
    conexion.execute(orden.values(vence_turno=None))
