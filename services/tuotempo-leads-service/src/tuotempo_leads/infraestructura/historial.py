"""El historial de recargas y exportaciones, con quién las hizo y cómo fueron."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import importaciones, recargas, usuarios

LINEAS = 50


def anotar(
    conexion: sa.Connection,
    *,
    archivo: str,
    registros: int,
    resultado: str,
    mensaje: str,
    fecha: datetime,
    importacion_id: str | None = None,
    usuario_id: int | None = None,
) -> None:
    """Una línea del historial; `resultado` es `ok`, `error`, `cancelada` o `export`."""
    conexion.execute(
        sa.insert(recargas).values(
            archivo=archivo[:255],
            registros_importados=registros,
            resultado=resultado,
            mensaje=mensaje,
            fecha=fecha,
            importacion_id=importacion_id,
            usuario_id=usuario_id,
        )
    )


def ultimas(conexion: sa.Connection) -> list[Any]:
    """Las más recientes, primero; `huella` y `empezada_en` solo las tiene una importación."""
    consulta = (
        sa.select(
            recargas,
            usuarios.c.username,
            importaciones.c.sha256.label("huella"),
            importaciones.c.empezada_en,
            importaciones.c.erroneas,
        )
        .outerjoin(usuarios, usuarios.c.id == recargas.c.usuario_id)
        .outerjoin(importaciones, importaciones.c.id == recargas.c.importacion_id)
        .order_by(recargas.c.fecha.desc(), recargas.c.id.desc())
        .limit(LINEAS)
    )
    return list(conexion.execute(consulta).all())
