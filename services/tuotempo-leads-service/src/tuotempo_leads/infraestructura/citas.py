"""Consultas de citas. Cada función recibe la conexión de la transacción en curso."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import citas

PENDIENTES = ("en_curso", "desconocida")
_UNA = sa.select(citas).where(citas.c.id == sa.bindparam("una"))


def insertar(conexion: sa.Connection, valores: dict[str, Any]) -> None:
    """Lanza `IntegrityError` si otra cita ocupa ya el mismo hueco."""
    conexion.execute(sa.insert(citas), valores)


def una(conexion: sa.Connection, cita_id: str) -> Any:
    return conexion.execute(_UNA, {"una": cita_id}).one_or_none()


def que_ocupa(conexion: sa.Connection, hueco: str) -> Any:
    return conexion.execute(sa.select(citas).where(citas.c.hueco_ocupado == hueco)).one_or_none()


def confirmada(
    conexion: sa.Connection, telefono_norm: str, inicio: datetime, area_id: str, recurso_id: str
) -> Any:
    """La que ese teléfono tiene ya a esa hora con ese profesional, si la clínica se la dio."""
    suya = citas.c.telefono_norm == telefono_norm, citas.c.estado == "confirmada", citas.c.inicio == inicio
    lugar = citas.c.area_id == area_id, citas.c.recurso_id == recurso_id
    return conexion.execute(sa.select(citas).where(*suya, *lugar).limit(1)).one_or_none()


def cambiar(
    conexion: sa.Connection, cita_id: str, de: tuple[str, ...], momento: datetime, **valores: Any
) -> bool:
    """Cambia la cita si sigue en uno de los estados `de`; dice si la cambió."""
    cambio = sa.update(citas).where(citas.c.id == cita_id, citas.c.estado.in_(de))
    fijos = {"actualizada_en": momento, "version": citas.c.version + 1}
    return conexion.execute(cambio.values(**fijos, **valores)).rowcount == 1


def sin_respuesta(conexion: sa.Connection, ahora: datetime) -> tuple[int, datetime | None]:
    """Cuántas citas por llegar no se sabe si se reservaron, y de cuándo es la más antigua."""
    dudosas = citas.c.estado == "desconocida", citas.c.inicio > ahora
    consulta = sa.select(sa.func.count(), sa.func.min(citas.c.creada_en)).where(*dudosas)
    cuantas, desde = conexion.execute(consulta).one()
    return cuantas, desde


def por_conciliar(
    conexion: sa.Connection, hasta: datetime, en_curso_hasta: datetime, ahora: datetime, limite: int
) -> list[Any]:
    """Las desconocidas sin mirar desde `hasta` y las que llevan en curso demasiado, por llegar su hora.

    Lo apuntado muy en el futuro es de antes de atrasar la hora: también toca.
    """
    futuro = ahora + (ahora - en_curso_hasta)
    mirada = sa.func.coalesce(citas.c.comprobada_en, citas.c.creada_en)
    toca = sa.or_(
        sa.and_(citas.c.estado == "desconocida", ~mirada.between(hasta, futuro)),
        sa.and_(citas.c.estado == "en_curso", ~citas.c.actualizada_en.between(en_curso_hasta, futuro)),
    )
    consulta = sa.select(citas).where(toca, citas.c.inicio > ahora).order_by(citas.c.inicio, citas.c.id)
    return list(conexion.execute(consulta.limit(limite)).all())
