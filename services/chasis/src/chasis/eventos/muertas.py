"""Eventos muertos: verlos y volver a intentarlos."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos.espera import ILEGIBLE
from chasis.eventos.tablas import ESPERA

A_LA_VEZ = 200


def listar(bd: BaseDeDatos) -> list[dict[str, Any]]:
    """Los `A_LA_VEZ` más antiguos: evento, manejador, clave, intentos y el error que los mató."""
    campos = ("evento_id", "manejador", "clave", "intentos", "error")
    consulta = (
        sa.select(*(ESPERA.c[campo] for campo in campos))
        .where(ESPERA.c.muerta == 1)
        .order_by(ESPERA.c.id)
        .limit(A_LA_VEZ)
    )
    with bd.lectura() as conexion:
        return [dict(zip(campos, fila, strict=True)) for fila in conexion.execute(consulta)]


def reintentar(bd: BaseDeDatos, evento_id: str | None = None) -> int:
    """Devuelve a la cola todos los muertos, o uno, y dice cuántos eran; quien tenga el mando los aplica.

    Los ilegibles se quedan: no son eventos, y volverían a morir.
    """
    cuales = [ESPERA.c.muerta == 1, ESPERA.c.manejador != ILEGIBLE]
    if evento_id:
        cuales.append(ESPERA.c.evento_id == evento_id)
    cambio = ESPERA.update().where(*cuales).values(muerta=0, intentos=0, proximo=time.time())
    with bd.escritura() as conexion:
        return conexion.execute(cambio).rowcount
