"""Clientes, canales e idempotencia."""

import sqlalchemy as sa
from alembic import op

from chasis.migraciones import crear_idempotencia

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "clientes",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("nombre", sa.Unicode(100), nullable=False),
        sa.Column("tipo_servicio", sa.Unicode(50), nullable=False),
        sa.Column("creado_en", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "canales",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("tipo", sa.String(10), nullable=False),
        sa.Column("contenido", sa.UnicodeText, nullable=False),
        sa.Column("timestamp", sa.DateTime, nullable=False),
        sa.Column("cliente_id", _ID, sa.ForeignKey("clientes.id"), nullable=False),
    )
    op.create_index("canales_por_tipo", "canales", ["tipo", "id"])
    op.create_index("canales_por_cliente", "canales", ["cliente_id", "id"])
    crear_idempotencia()
