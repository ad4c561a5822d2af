"""Una outbox quieta: nadie reparte mientras el mando no es de nadie. Así las copias casan entre servicios."""

from __future__ import annotations

import time

from chasis.bd import BaseDeDatos
from chasis.eventos.tablas import MANDO, NADIE, RELAY


def pausar(bd: BaseDeDatos, segundos: float) -> None:
    """Se acaba sola. Lo que se estuviera enviando en este momento aún termina: hay que darle su plazo de envío."""
    with bd.escritura() as conexion:
        conexion.execute(MANDO.delete())
        conexion.execute(MANDO.insert().values(nombre=RELAY, dueno=NADIE, hasta=time.time() + segundos))


def reanudar(bd: BaseDeDatos) -> None:
    """Si estaba en pausa, el mando vuelve a ser del primero que lo pida."""
    with bd.escritura() as conexion:
        conexion.execute(MANDO.delete().where(MANDO.c.dueno == NADIE))
