"""Las columnas que alguien eligió a mano para las hojas con unas mismas cabeceras."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
import sqlalchemy as sa

from tuotempo_leads.infraestructura.altas import cambiar_o_crear
from tuotempo_leads.infraestructura.tablas import correspondencias as tabla


def obtener(conexion: sa.Connection, huella: str) -> list[str] | None:
    """El campo de cada posición, como se eligió la última vez; `None` si nunca se ha elegido."""
    guardados = conexion.execute(sa.select(tabla.c.campos).where(tabla.c.huella == huella)).scalar()
    return list(orjson.loads(guardados)) if guardados else None


def guardar(
    conexion: sa.Connection, huella: str, campos: Sequence[str], usuario_id: int, ahora: datetime
) -> None:
    valores = {"campos": orjson.dumps(campos).decode(), "usuario_id": usuario_id, "guardada_en": ahora}
    cambio = sa.update(tabla).where(tabla.c.huella == huella).values(**valores)
    cambiar_o_crear(conexion, cambio, sa.insert(tabla).values(huella=huella, **valores))
