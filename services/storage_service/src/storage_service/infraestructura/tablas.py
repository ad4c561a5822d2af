"""Tablas de storage_service; las crea `migraciones/`."""

from __future__ import annotations

import sqlalchemy as sa

from chasis.eventos.tablas import JSON_LARGO

metadatos = sa.MetaData()
INTENCIONES = sa.Table(
    "intenciones",
    metadatos,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
    sa.Column("huella", sa.String(64), nullable=False, index=True),
    sa.Column("nombre", sa.UnicodeText, nullable=False),
    sa.Column("antes", sa.String(64), nullable=False),  # ETag, o vacío si no había documento
    sa.Column("despues", sa.String(64), nullable=False),
    sa.Column("cuerpo", JSON_LARGO, nullable=False),
    sa.Column("creada", sa.Double, nullable=False),
    sa.Column("clave", sa.String(255)),  # la Idempotency-Key de quien escribe
    # Ya publicada; queda por su clave.
    sa.Column("hecha", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    sqlite_autoincrement=True,
)
