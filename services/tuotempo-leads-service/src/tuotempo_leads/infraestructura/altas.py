"""Guardar una fila que puede existir o no, también si otra transacción la está creando a la vez."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError


def cambiar_o_crear(conexion: sa.Connection, cambio: sa.Update, alta: sa.Insert) -> None:
    """Ejecuta `cambio` y, si no había qué cambiar, `alta`; quien pierde la carrera del alta cambia la del otro.

    En MySQL esa carrera puede acabar en interbloqueo: la transacción se abre con `interbloqueos.en_escritura`.
    """
    if conexion.execute(cambio).rowcount:
        return
    try:
        with conexion.begin_nested():
            conexion.execute(alta)
    except IntegrityError:
        conexion.execute(cambio)
