"""Bases de datos de verdad para las pruebas, en contenedores; solo con `PRUEBAS_DE_INTEGRACION=1`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.pila import esperar

CON_CONTENEDORES = os.environ.get("PRUEBAS_DE_INTEGRACION") == "1"


@contextmanager
def postgres() -> Iterator[str]:
    """URL de un PostgreSQL 17 vacío que desaparece al salir."""
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.core.config import testcontainers_config

    testcontainers_config.ryuk_disabled = True  # el contenedor lo quita el `with`
    with PostgresContainer("postgres:17", driver="psycopg") as contenedor:
        yield contenedor.get_connection_url()


@contextmanager
def mysql() -> Iterator[sa.URL]:
    """Un MySQL vacío; da la URL de su administrador, sin base de datos elegida."""
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer

    testcontainers_config.ryuk_disabled = True  # el contenedor lo quita el `with`
    contenedor = DockerContainer("mysql:9.7", ports=[3306], env={"MYSQL_ROOT_PASSWORD": "de-prueba"})
    # Sin barrera de escritura: las pruebas no necesitan sobrevivir a un corte de luz.
    contenedor.with_command("mysqld --innodb-flush-log-at-trx-commit=0 --skip-log-bin")
    with contenedor:
        puerto = contenedor.get_exposed_port(3306)
        url = sa.make_url(f"mysql+mysqlconnector://root:de-prueba@127.0.0.1:{puerto}")
        esperar(lambda: _contesta(url), 90)
        yield url


def _contesta(url: sa.URL) -> bool:
    motor = sa.create_engine(url, connect_args={"connection_timeout": 2})
    try:
        with motor.connect() as conexion:
            return conexion.execute(sa.text("SELECT 1")).scalar() == 1
    except sa.exc.DBAPIError:
        return False
    finally:
        motor.dispose()
