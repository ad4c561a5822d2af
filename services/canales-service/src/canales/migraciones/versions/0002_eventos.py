"""Eventos, y de dónde viene cada cliente que registró otro servicio."""

import sqlalchemy as sa
from alembic import op

from chasis.migraciones import crear_eventos

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    crear_eventos()
    op.create_table(
        "referencias",
        sa.Column("origen", sa.String(20), primary_key=True),
        sa.Column("clave", sa.String(64), primary_key=True),
        sa.Column("cliente_id", _ID, sa.ForeignKey("clientes.id"), nullable=False),
    )
