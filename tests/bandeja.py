"""Lo que un servicio ha dejado en su outbox, y lo que se le entrega como lo haría el relay de otro."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos import Evento
from chasis.eventos.tablas import OUTBOX


def publicados(bd: BaseDeDatos) -> list[dict[str, Any]]:
    """Los sobres que esperan a salir, por orden."""
    with bd.lectura() as conexion:
        return [
            orjson.loads(cuerpo)
            for cuerpo in conexion.scalars(sa.select(OUTBOX.c.cuerpo).order_by(OUTBOX.c.id))
        ]


def entregar(app: Any, tema: str, tipo: str, datos: dict[str, Any], identificador: str = "e1") -> None:
    """Repetir el identificador es repetir la entrega."""
    evento = Evento(
        id=identificador,
        tipo=tipo,
        fuente="otro",
        clave="7",
        momento=datetime.now(UTC),
        esquema=f"urn:centralita:{tipo}.v1",
        tema=tema,
        secuencia=1,
        datos=datos,
    )
    app.extensions["eventos"].recepcion.recibir(evento)
