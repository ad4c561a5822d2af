"""Tablas de canales-service; las crea `migraciones/`."""

from __future__ import annotations

import sqlalchemy as sa

metadatos = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # 64 bits en todos: en SQLite ya los tiene INTEGER

clientes = sa.Table(
    "clientes",
    metadatos,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("nombre", sa.Unicode(100), nullable=False),
    sa.Column("tipo_servicio", sa.Unicode(50), nullable=False),
    sa.Column("creado_en", sa.DateTime, nullable=False, index=True),
)

canales = sa.Table(
    "canales",
    metadatos,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("tipo", sa.String(10), nullable=False),
    sa.Column("contenido", sa.UnicodeText, nullable=False),
    sa.Column("timestamp", sa.DateTime, nullable=False),
    sa.Column("cliente_id", sa.ForeignKey("clientes.id"), nullable=False),
    sa.Index("canales_por_tipo", "tipo", "id"),
    sa.Index("canales_por_cliente", "cliente_id", "id"),
)

# Clientes que llegaron por un evento: `clave` es la huella de quién es el cliente para el servicio de `origen`.
referencias = sa.Table(
    "referencias",
    metadatos,
    sa.Column("origen", sa.String(20), primary_key=True),
    sa.Column("clave", sa.String(64), primary_key=True),
    sa.Column("cliente_id", sa.ForeignKey("clientes.id"), nullable=False),
)
