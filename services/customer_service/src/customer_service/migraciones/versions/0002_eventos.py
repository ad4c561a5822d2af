"""Eventos."""

from chasis.migraciones import crear_eventos

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    crear_eventos()
