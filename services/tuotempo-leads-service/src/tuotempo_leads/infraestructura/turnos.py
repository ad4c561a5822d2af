"""Turnos de las tareas periódicas: aunque haya varios procesos, cada vez la hace uno solo."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from tuotempo_leads.infraestructura.tablas import tareas

DURA = timedelta(minutes=10)
TREGUA = timedelta(minutes=1)  # entre un intento fallido y el siguiente


def tomar(bd: BaseDeDatos, nombre: str, trabajador: str, momento: datetime, cada: timedelta) -> bool:
    """Si toca hacer `nombre` (nadie la hizo en el último `cada` ni la está haciendo) y la hace `trabajador`.

    El turno vence a los diez minutos: el de un proceso que murió no dura para siempre. Lo apuntado en el futuro es de
    antes de atrasar la hora, y no cuenta.
    """
    pronto = momento + TREGUA  # los relojes de dos máquinas no van iguales
    en_turno = tareas.c.vence_turno.between(momento, pronto + DURA)
    hecha = (tareas.c.hecha_en > momento - cada) & (tareas.c.hecha_en <= pronto)
    libre = sa.or_(tareas.c.vence_turno.is_(None), ~en_turno)
    toca = sa.or_(tareas.c.hecha_en.is_(None), ~hecha)
    turno = {"trabajador": trabajador, "vence_turno": momento + DURA}
    try:
        with bd.escritura() as conexion:
            if conexion.execute(sa.select(tareas.c.nombre).where(tareas.c.nombre == nombre)).first() is None:
                conexion.execute(sa.insert(tareas).values(nombre=nombre))
            cambio = sa.update(tareas).where(tareas.c.nombre == nombre, libre, toca).values(turno)
            return conexion.execute(cambio).rowcount == 1
    except IntegrityError:
        return False  # otro proceso la acaba de apuntar


def soltar(
    bd: BaseDeDatos, nombre: str, trabajador: str, momento: datetime, hecha_en: datetime | None
) -> None:
    """Deja el turno; con `hecha_en`, la tarea salió bien. Si no, nadie la repite hasta pasado un minuto."""
    suya = (tareas.c.nombre == nombre, tareas.c.trabajador == trabajador)
    valores = {"vence_turno": None, "hecha_en": hecha_en} if hecha_en else {"vence_turno": momento + TREGUA}
    with bd.escritura() as conexion:
        conexion.execute(sa.update(tareas).where(*suya).values(valores))
