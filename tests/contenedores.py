"""Bases de datos de verdad para las pruebas, en contenedores; solo con `PRUEBAS_DE_INTEGRACION=1`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

CON_CONTENEDORES = os.environ.get("PRUEBAS_DE_INTEGRACION") == "1"


@contextmanager
def postgres() -> Iterator[str]:
    """URL de un PostgreSQL 17 vacío que desaparece al salir."""
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.core.config import testcontainers_config

    testcontainers_config.ryuk_disabled = True  # el contenedor lo quita el `with`
    with PostgresContainer("postgres:17", driver="psycopg") as contenedor:
        yield contenedor.get_connection_url()
