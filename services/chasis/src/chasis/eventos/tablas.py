"""Tablas de los eventos, las mismas en los cuatro motores; las crea `chasis.migraciones.crear_eventos`."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import MEDIUMBLOB

METADATOS = sa.MetaData()
_MAYOR_CLAVE = 255
# `Identity` es lo que pide Oracle. En SQLite, AUTOINCREMENT: reutilizar un id recién borrado haría que un relay
# retrasado borrase una fila nueva creyendo que es la que él publicó.
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
JSON_LARGO = sa.LargeBinary().with_variant(MEDIUMBLOB(), "mysql")


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, sa.Identity(), primary_key=True)


OUTBOX = sa.Table(
    "outbox",
    METADATOS,
    _id(),
    sa.Column("destino", sa.String(50), nullable=False),
    sa.Column("tema", sa.String(100), nullable=False),
    sa.Column("clave", sa.Unicode(_MAYOR_CLAVE), nullable=False),
    sa.Column("cuerpo", JSON_LARGO, nullable=False),
    sa.Column("creado", sa.Double, nullable=False),
    sa.Index("outbox_por_destino", "destino", "id"),
    sqlite_autoincrement=True,
)

INBOX = sa.Table(
    "inbox",
    METADATOS,
    sa.Column("evento_id", sa.String(64), primary_key=True),
    sa.Column("manejador", sa.String(100), primary_key=True),
    sa.Column("recibido", sa.Double, nullable=False, index=True),
)

ESPERA = sa.Table(
    "inbox_espera",
    METADATOS,
    _id(),
    sa.Column("evento_id", sa.String(64), nullable=False),
    sa.Column("manejador", sa.String(100), nullable=False),
    sa.Column("clave", sa.Unicode(_MAYOR_CLAVE), nullable=False),
    sa.Column("cuerpo", JSON_LARGO, nullable=False),
    sa.Column("intentos", sa.Integer, nullable=False),
    sa.Column("proximo", sa.Double, nullable=False),
    sa.Column("error", sa.UnicodeText),
    sa.Column("muerta", sa.SmallInteger, nullable=False),
    sa.UniqueConstraint("evento_id", "manejador", name="inbox_espera_unica"),
    sa.Index("inbox_espera_por_clave", "muerta", "manejador", "clave", "id"),
    sqlite_autoincrement=True,
)

MANDO = sa.Table(
    "relay_lease",
    METADATOS,
    sa.Column("nombre", sa.String(50), primary_key=True),
    sa.Column("dueno", sa.String(64), nullable=False),
    sa.Column("hasta", sa.Double, nullable=False),
)

RELAY = "relay"  # el único mando que hay: el de repartir
NADIE = "pausa"  # su dueño mientras el reparto está detenido a propósito


def recortar(clave: str) -> str:
    """La clave como cabe en su columna; si es más larga, su SHA-256, que también es una por agregado."""
    return clave if len(clave) <= _MAYOR_CLAVE else hashlib.sha256(clave.encode()).hexdigest()
