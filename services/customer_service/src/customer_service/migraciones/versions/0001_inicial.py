"""Idempotencia."""

from chasis.migraciones import crear_idempotencia

revision = "0001"
down_revision = None


def upgrade() -> None:
    crear_idempotencia()
