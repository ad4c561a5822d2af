"""Servidores de verdad para las pruebas, en contenedores; solo con `PRUEBAS_DE_INTEGRACION=1`."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.pila import esperar, puertos_libres

CON_CONTENEDORES = os.environ.get("PRUEBAS_DE_INTEGRACION") == "1"
MOTORES = ("sqlite", "postgresql", "mysql") if CON_CONTENEDORES else ("sqlite",)


@contextmanager
def postgres() -> Iterator[str]:
    """URL de un PostgreSQL 17 vacío que desaparece al salir."""
    from testcontainers.community.postgres import PostgresContainer

    _sin_ryuk()
    with PostgresContainer("postgres:17", driver="psycopg") as contenedor:
        yield contenedor.get_connection_url()


@contextmanager
def mysql(*, duradera: bool = False) -> Iterator[str]:
    """URL del administrador de un MySQL vacío, sin base elegida; `duradera`, si lo confirmado sobrevive a matarlo."""
    from testcontainers.core.container import DockerContainer

    _sin_ryuk()
    contenedor = DockerContainer("mysql:9.7", ports=[3306], env={"MYSQL_ROOT_PASSWORD": "de-prueba"})
    if not duradera:
        con_prisa = "--innodb-flush-log-at-trx-commit=0 --skip-log-bin --innodb-doublewrite=0"
        contenedor.with_command(f"mysqld {con_prisa}")
    with contenedor:
        puerto = contenedor.get_exposed_port(3306)
        url = f"mysql+mysqlconnector://root:de-prueba@127.0.0.1:{puerto}"
        esperar(lambda: _contesta(url), 90)
        yield url


@contextmanager
def pulsar() -> Iterator[tuple[str, str]]:
    """Dirección de un broker de Pulsar (una sola pieza) y nombre de su contenedor."""
    from testcontainers.core.container import DockerContainer

    _sin_ryuk()
    contenedor = DockerContainer("apachepulsar/pulsar:4.0.8")
    # El broker anuncia una sola dirección, y tiene que valer desde dentro y desde fuera: el mismo puerto en los dos.
    (puerto,) = puertos_libres(1)
    contenedor.with_bind_ports(puerto, puerto).with_exposed_ports(8080)
    contenedor.with_env("PULSAR_PREFIX_brokerServicePort", str(puerto))
    contenedor.with_env("PULSAR_MEM", "-Xmx512m").with_env("PULSAR_EXTRA_OPTS", "-XX:TieredStopAtLevel=1")
    contenedor.with_command(
        "bash -c 'bin/apply-config-from-env.py conf/standalone.conf && "
        "exec bin/pulsar standalone -nfw -nss --advertised-address 127.0.0.1'"
    )
    with contenedor:
        admin = f"http://127.0.0.1:{contenedor.get_exposed_port(8080)}/admin/v2"
        # Los clústeres contestan antes de que el espacio de nombres exista.
        esperar(lambda: _abre(f"{admin}/clusters") and _abre(f"{admin}/namespaces/public"), 120)
        yield f"pulsar://127.0.0.1:{puerto}", contenedor.get_wrapped_container().id


def base_nueva(servidor: str, nombre: str) -> str:
    """Crea una base de datos vacía en el servidor y da su URL."""
    motor = sa.create_engine(servidor, isolation_level="AUTOCOMMIT")
    with motor.connect() as conexion:
        conexion.execute(sa.text(f"CREATE DATABASE {nombre}"))
    motor.dispose()
    return sa.make_url(servidor).set(database=nombre).render_as_string(hide_password=False)


def tablas_de(url: str) -> set[str]:
    motor = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        return set(sa.inspect(motor).get_table_names())
    finally:
        motor.dispose()


def vaciar(url: str, tablas: set[str]) -> None:
    """Deja sin filas las tablas de una base de MySQL, con sus contadores a cero."""
    motor = sa.create_engine(url, poolclass=sa.NullPool)
    with motor.begin() as conexion:
        con_filas = " UNION ALL ".join(f"(SELECT '{t}' FROM {t} LIMIT 1)" for t in sorted(tablas))
        conexion.execute(sa.text("SET FOREIGN_KEY_CHECKS = 0"))
        for tabla in conexion.execute(sa.text(con_filas)).scalars().all():
            conexion.execute(sa.text(f"TRUNCATE TABLE {tabla}"))
    motor.dispose()


def _sin_ryuk() -> None:
    from testcontainers.core.config import testcontainers_config

    testcontainers_config.ryuk_disabled = True  # cada contenedor lo quita su `with`


def _abre(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as respuesta:
            return bool(respuesta.status == 200)
    except OSError:
        return False


def _contesta(url: str) -> bool:
    motor = sa.create_engine(url, connect_args={"connection_timeout": 2})
    try:
        with motor.connect() as conexion:
            return bool(conexion.execute(sa.text("SELECT 1")).scalar())
    except sa.exc.DBAPIError:
        return False
    finally:
        motor.dispose()
