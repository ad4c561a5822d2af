"""Migraciones de Alembic al arrancar, con un cerrojo para que dos procesos no las apliquen a la vez."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from alembic import command, context, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from chasis import idempotencia
from chasis.bd import BaseDeDatos
from chasis.eventos import tablas


def migrar(bd: BaseDeDatos, carpeta: Path) -> None:
    """Lleva la base hasta la última versión de `carpeta`; con la base al día, o más adelante, no hace nada.

    Más adelante está tras volver a una versión anterior del programa: las migraciones solo añaden, así que la
    base de la nueva también le sirve.
    """
    configuracion = Config()
    configuracion.set_main_option("script_location", str(carpeta).replace("%", "%%"))
    with bd.escritura() as conexion, _cerrojo(conexion):
        configuracion.attributes["conexion"] = conexion
        posteriores = _revisiones_posteriores(conexion, configuracion)
        if posteriores:
            structlog.get_logger().warning("base_de_datos_posterior", revisiones=posteriores)
            return
        command.upgrade(configuracion, "head")


def _revisiones_posteriores(conexion: sa.Connection, configuracion: Config) -> list[str]:
    """Las que aplicó a esta base un programa más nuevo que este."""
    conocidas = {guion.revision for guion in ScriptDirectory.from_config(configuracion).walk_revisions()}
    aplicadas = MigrationContext.configure(conexion).get_current_heads()
    return sorted(set(aplicadas) - conocidas)


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
    idempotencia.TABLA.create(op.get_bind())


def crear_eventos() -> None:
    """Tablas de `chasis.eventos`; la llama una migración de cada servicio que publica o consume."""
    tablas.METADATOS.create_all(op.get_bind(), checkfirst=False)
