"""Los números a los que no se puede llamar. Nadie los borra: solo se añaden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import exclusiones, leads, rellamadas, usuarios

_POR_TANDA = 1000
LEAD_EXCLUIDO = sa.exists().where(exclusiones.c.telefono_norm == leads.c.telefono_norm)
"""Condición de una consulta sobre `leads`: a ese no se le puede llamar."""
_ORIGENES = sa.select(exclusiones.c.telefono_norm, sa.func.min(exclusiones.c.origen)).group_by(
    exclusiones.c.telefono_norm
)
_DE_UNO = (
    sa.select(exclusiones.c.origen, exclusiones.c.motivo, exclusiones.c.fecha)
    .where(exclusiones.c.telefono_norm == sa.bindparam("telefono"))
    .order_by(exclusiones.c.fecha, exclusiones.c.id)
    .limit(1)
)


def de_telefonos(conexion: sa.Connection, telefonos: Collection[str]) -> dict[str, str]:
    """De esos teléfonos (normalizados), los que nadie debe llamar, con la lista en la que están."""
    if not telefonos:
        return {}
    consulta = _ORIGENES.where(exclusiones.c.telefono_norm.in_(telefonos))
    return {fila[0]: fila[1] for fila in conexion.execute(consulta)}


def de_uno(conexion: sa.Connection, telefono: str) -> Any:
    """`origen`, `motivo` y `fecha` de la exclusión más antigua de un teléfono, o `None`."""
    return conexion.execute(_DE_UNO, {"telefono": telefono}).one_or_none()


def anadir(conexion: sa.Connection, telefonos: Sequence[str], comunes: Mapping[str, Any]) -> int:
    """Apunta los que no estén ya en esa lista y dice cuántos eran; los que están se quedan como estaban."""
    nuevos = 0
    for desde in range(0, len(telefonos), _POR_TANDA):
        tanda = telefonos[desde : desde + _POR_TANDA]
        repetidos = sa.select(exclusiones.c.telefono_norm).where(
            exclusiones.c.origen == comunes["origen"], exclusiones.c.telefono_norm.in_(tanda)
        )
        conocidos = set(conexion.execute(repetidos).scalars())
        faltan = [{**comunes, "telefono_norm": uno} for uno in tanda if uno not in conocidos]
        if faltan:
            conexion.execute(sa.insert(exclusiones), faltan)
        nuevos += len(faltan)
    return nuevos


def cancelar_rellamadas(conexion: sa.Connection, telefonos: Sequence[str], momento: datetime) -> int:
    """Cancela las pendientes de los contactos con esos teléfonos y dice cuántas eran."""
    canceladas = 0
    for desde in range(0, len(telefonos), _POR_TANDA):
        suyos = sa.select(leads.c.id).where(leads.c.telefono_norm.in_(telefonos[desde : desde + _POR_TANDA]))
        cierre = sa.update(rellamadas).where(rellamadas.c.pendiente_de.in_(suyos))
        valores = {"pendiente_de": None, "estado": "cancelada", "cerrada_en": momento}
        canceladas += conexion.execute(cierre.values(**valores)).rowcount
    return canceladas


def lista(buscado: str, origen: str) -> sa.Select[Any]:
    """Las más recientes primero; `buscado` es el principio de un número (o el número entero), y vacío no filtra."""
    quien = sa.func.coalesce(usuarios.c.username, "").label("usuario")
    consulta = sa.select(exclusiones, quien).outerjoin(usuarios, usuarios.c.id == exclusiones.c.usuario_id)
    if buscado:
        consulta = consulta.where(exclusiones.c.telefono_norm.startswith(buscado, autoescape=True))
    if origen:
        consulta = consulta.where(exclusiones.c.origen == origen)
    return consulta.order_by(exclusiones.c.id.desc())


def ultimas_cargas(conexion: sa.Connection) -> dict[str, datetime]:
    """La fecha de la última exclusión de cada lista."""
    consulta = sa.select(exclusiones.c.origen, sa.func.max(exclusiones.c.fecha)).group_by(
        exclusiones.c.origen
    )
    return {fila[0]: fila[1] for fila in conexion.execute(consulta)}
