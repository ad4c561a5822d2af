"""Sesiones y sus carritos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from espacio_clientes.dominio.libro import Linea
from espacio_clientes.infraestructura.tablas import carrito, sesiones

_ABRIR = sa.insert(sesiones)
# Una sesión sin líneas también sale, con una línea de nulos.
_CON_LINEAS = (
    sa.select(sesiones, carrito.c.codmovimiento, carrito.c.descripcion, carrito.c.importe, carrito.c.comision)
    .select_from(sesiones.outerjoin(carrito, carrito.c.idsession == sesiones.c.idsession))
    .where(sesiones.c.idsession == sa.bindparam("id"))
    .order_by(carrito.c.codmovimiento)
)
_PONER = sa.insert(carrito)
_QUITAR = sa.delete(carrito).where(
    carrito.c.idsession == sa.bindparam("id"), carrito.c.codmovimiento == sa.bindparam("mov")
)
_VACIAR = sa.delete(carrito).where(carrito.c.idsession == sa.bindparam("id"))
_OLVIDAR = sa.delete(carrito).where(
    carrito.c.idsession.in_(
        sa.select(sesiones.c.idsession).where(sesiones.c.abierta_en < sa.bindparam("antes"))
    )
)


@dataclass(frozen=True)
class Sesion:
    """De quién es una sesión y de qué documento y moneda son las deudas que admite su carrito."""

    idsession: int
    usuario: str
    documento: str
    nombre: str
    moneda: int
    abierta_en: datetime


def abrir(
    conexion: sa.Connection, usuario: str, documento: str, *, nombre: str, moneda: int, momento: datetime
) -> int:
    valores = {
        "usuario": usuario, "documento": documento, "nombre": nombre, "moneda": moneda, "abierta_en": momento,
    }  # fmt: skip
    clave = conexion.execute(_ABRIR, valores).inserted_primary_key
    return int(clave[0])  # type: ignore[index]


def abierto(conexion: sa.Connection, idsession: int) -> tuple[Sesion, list[Linea]] | None:
    """La sesión y las líneas de su carrito, por código de movimiento."""
    filas = conexion.execute(_CON_LINEAS, {"id": idsession}).all()
    if not filas:
        return None
    lineas = [Linea(*fila[6:]) for fila in filas if fila.codmovimiento is not None]
    return Sesion(*filas[0][:6]), lineas


def poner(conexion: sa.Connection, idsession: int, linea: Linea) -> None:
    conexion.execute(_PONER, {"idsession": idsession, **vars(linea)})


def quitar(conexion: sa.Connection, idsession: int, codmovimiento: str) -> None:
    conexion.execute(_QUITAR, {"id": idsession, "mov": codmovimiento})


def vaciar(conexion: sa.Connection, idsession: int) -> None:
    conexion.execute(_VACIAR, {"id": idsession})


def olvidar(conexion: sa.Connection, antes: datetime) -> None:
    """Vacía los carritos de las sesiones anteriores a `antes`."""
    conexion.execute(_OLVIDAR, {"antes": antes})
