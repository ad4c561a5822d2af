"""Configuración de SQLAlchemy: qué controlador usa cada URL, y qué decir si la base no contesta."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import OperationalError

from chasis.bd import BaseDeDatos


def con_controlador(direccion: str) -> URL:
    """`postgresql://` (y `postgres://`) significan psycopg 3; `ArgumentError` si no es una URL."""
    url = make_url(direccion)
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def abrir(direccion: str) -> BaseDeDatos:
    """Base de datos que ya ha contestado; si no contesta, termina el proceso diciendo qué falta."""
    url = con_controlador(direccion)
    bd = BaseDeDatos(url.render_as_string(hide_password=False))
    try:
        bd.comprobar()
    except OperationalError as fallo:
        motivo = str(fallo.orig).strip().splitlines()[0]
        raise SystemExit(
            f"No se puede usar la base de datos {url.render_as_string()}: {motivo}\n"
            "Arranca PostgreSQL ahí y crea la base, o di otra en SQLALCHEMY_DATABASE_URI "
            "(sin instalar nada: SQLALCHEMY_DATABASE_URI=sqlite:///datos/partners.sqlite)."
        ) from None
    return bd
