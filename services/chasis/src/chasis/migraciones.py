"""Migraciones de Alembic al arrancar, con un cerrojo para que dos procesos no las apliquen a la vez."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command, context, op
from alembic.config import Config
from sqlalchemy.dialects.mysql import MEDIUMBLOB

from chasis.bd import BaseDeDatos


def migrar(bd: BaseDeDatos, carpeta: Path) -> None:
    """Lleva la base hasta la última versión de `carpeta`; con la base al día no hace nada."""
    configuracion = Config()
    configuracion.set_main_option("script_location", str(carpeta).replace("%", "%%"))
    with bd.escritura() as conexion, _cerrojo(conexion):
        configuracion.attributes["conexion"] = conexion
        command.upgrade(configuracion, "head")


def ejecutar() -> None:
    """Cuerpo del `env.py` de cada servicio."""
    context.configure(connection=context.config.attributes["conexion"], transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def _cerrojo(conexion: sa.Connection) -> Iterator[None]:
    # En SQLite basta el `BEGIN IMMEDIATE` de la propia transacción.
    dialecto = conexion.dialect.name
    if dialecto == "postgresql":
        conexion.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('centralita.migraciones'))"))
    elif dialecto == "mysql":
        conexion.execute(sa.text("SELECT GET_LOCK('centralita.migraciones', 120)"))
    try:
        yield
    finally:
        if dialecto == "mysql":
            conexion.execute(sa.text("SELECT RELEASE_LOCK('centralita.migraciones')"))


def crear_idempotencia() -> None:
    """Tabla de `chasis.idempotencia`; la llama la primera migración de cada servicio que la usa."""
    op.create_table(
        "idempotencia",
        sa.Column("clave", sa.String(255), primary_key=True),
        sa.Column("ambito", sa.String(255), primary_key=True),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("estado", sa.Integer),
        sa.Column("cuerpo", sa.LargeBinary().with_variant(MEDIUMBLOB(), "mysql")),
        sa.Column("cabeceras", sa.Text),
        sa.Column("vence_reserva", sa.Double, nullable=False),
        sa.Column("caduca", sa.Double, nullable=False, index=True),
    )
