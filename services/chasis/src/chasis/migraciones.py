"""Migraciones de Alembic al arrancar, con un cerrojo para que dos procesos no las apliquen a la vez.

Alembic se importa en cada función que lo usa: son 9 MB y 0,2 s que un proceso con la base al día no necesita.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog

from chasis import idempotencia
from chasis.bd import BaseDeDatos
from chasis.eventos import tablas


def migrar(bd: BaseDeDatos, carpeta: Path) -> None:
    """Lleva la base hasta la última versión de `carpeta`; con la base al día, o más adelante, no hace nada.

    Más adelante está tras volver a una versión anterior del programa: las migraciones solo añaden, así que la
    base de la nueva también le sirve.
    """
    conocidas = sorted(fichero.stem.partition("_")[0] for fichero in (carpeta / "versions").glob("*.py"))
    with bd.lectura() as conexion:
        if _no_le_falta_nada(conexion, conocidas):
            return
    with bd.escritura() as conexion, _cerrojo(conexion):
        if not _no_le_falta_nada(conexion, conocidas):  # en la espera del turno, otro proceso pudo hacerlo
            _aplicar(conexion, carpeta)


def _no_le_falta_nada(conexion: sa.Connection, conocidas: list[str]) -> bool:
    if not sa.inspect(conexion).has_table("alembic_version"):
        return False
    actual = conexion.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if actual is not None and actual not in conocidas:
        structlog.get_logger().warning("base_de_datos_posterior", version=actual)
        return True
    return actual == conocidas[-1]


def _aplicar(conexion: sa.Connection, carpeta: Path) -> None:
    from alembic import command
    from alembic.config import Config

    configuracion = Config()
    configuracion.set_main_option("script_location", str(carpeta).replace("%", "%%"))
    configuracion.attributes["conexion"] = conexion
    command.upgrade(configuracion, "head")


def ejecutar() -> None:
    """Cuerpo del `env.py` de cada servicio."""
    from alembic import context

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
    from alembic import op

    idempotencia.TABLA.create(op.get_bind())


def crear_eventos() -> None:
    """Tablas de `chasis.eventos`; la llama una migración de cada servicio que publica o consume."""
    from alembic import op

    tablas.METADATOS.create_all(op.get_bind(), checkfirst=False)
