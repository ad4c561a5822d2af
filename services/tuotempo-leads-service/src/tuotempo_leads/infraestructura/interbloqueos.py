"""Transacciones que se repiten si la base lo pide porque dos se esperaban entre sí."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from chasis.bd import BaseDeDatos

INTENTOS = 5
_DE_MYSQL = 1213
_SQLSTATE = ("40001", "40P01")
T = TypeVar("T")


def en_escritura(bd: BaseDeDatos, hacer: Callable[[Connection], T]) -> T:
    """Lo que devuelve `hacer(conexion)`, confirmado. Al repetirse no queda nada del intento anterior."""
    for _ in range(INTENTOS - 1):
        try:
            with bd.escritura() as conexion:
                return hacer(conexion)
        except DBAPIError as fallo:
            if not _es_interbloqueo(fallo):
                raise
    with bd.escritura() as conexion:
        return hacer(conexion)


def _es_interbloqueo(fallo: DBAPIError) -> bool:
    """Vale con mysql-connector, PyMySQL y psycopg: cada uno guarda el código en otro sitio."""
    original = fallo.orig
    numero = getattr(original, "errno", None) or next(iter(getattr(original, "args", ())), None)
    return numero == _DE_MYSQL or getattr(original, "sqlstate", None) in _SQLSTATE
