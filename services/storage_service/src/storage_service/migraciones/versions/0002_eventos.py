"""Eventos y diario de escrituras."""

import sqlalchemy as sa
from alembic import op

from chasis.eventos.tablas import JSON_LARGO
from chasis.migraciones import crear_eventos

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    crear_eventos()
    op.create_table(
        "intenciones",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
        sa.Column("huella", sa.String(64), nullable=False, index=True),
        sa.Column("nombre", sa.UnicodeText, nullable=False),
        sa.Column("antes", sa.String(64), nullable=False),
        sa.Column("despues", sa.String(64), nullable=False),
        sa.Column("cuerpo", JSON_LARGO, nullable=False),
        sa.Column("creada", sa.Double, nullable=False),
        sqlite_autoincrement=True,
    )
