"""Las bases de los servicios vistas desde fuera: dónde están, y un testigo de cada evento que nace en ellas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

FICHEROS = {
    "canales": "canales.sqlite",
    "almacen": "storage.sqlite",
    "clientes": "customer.sqlite",
    "partners": "partners.sqlite",
    "leads": "leads.sqlite",
    "espacio": "espacio.sqlite",
}
_COPIA = "INSERT INTO caos_testigo (destino, tema, cuerpo) VALUES (NEW.destino, NEW.tema, NEW.cuerpo)"
# La outbox se vacía al entregar: sin copia no habría con qué comparar lo que se aplicó. El disparador va en la misma
# transacción que el evento, así que la copia existe si y solo si el evento existe.
_TESTIGOS = {
    "sqlite": (
        "CREATE TABLE caos_testigo (destino TEXT, tema TEXT, cuerpo BLOB)",
        f"CREATE TRIGGER caos_testigo AFTER INSERT ON outbox BEGIN {_COPIA}; END",
    ),
    "mysql": (
        "CREATE TABLE caos_testigo (destino VARCHAR(50), tema VARCHAR(100), cuerpo MEDIUMBLOB)",
        f"CREATE TRIGGER caos_testigo AFTER INSERT ON outbox FOR EACH ROW {_COPIA}",
    ),
    "postgresql": (
        "CREATE TABLE caos_testigo (destino TEXT, tema TEXT, cuerpo BYTEA)",
        f"CREATE FUNCTION caos_copiar() RETURNS trigger AS $$ BEGIN {_COPIA}; RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER caos_testigo AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION caos_copiar()",
    ),
}


def urls(datos: Path, otras: Mapping[str, str]) -> dict[str, str]:
    """La dirección de cada base: un fichero en `datos`, salvo las que se digan."""
    propias = {servicio: f"sqlite+pysqlite:///{datos / fichero}" for servicio, fichero in FICHEROS.items()}
    return {**propias, **otras}


def ejecutar(url: str, *ordenes: str, **valores: Any) -> None:
    motor = sa.create_engine(url, poolclass=sa.NullPool)
    with motor.begin() as conexion:
        for orden in ordenes:
            conexion.execute(sa.text(orden), valores or None)


def poner_testigo(url: str) -> None:
    ejecutar(url, *_TESTIGOS[sa.make_url(url).get_backend_name()])


def insertar(url: str, tabla: str, filas: list[dict[str, Any]]) -> None:
    """Filas puestas a mano, como las dejaría otro sistema."""
    columnas = list(filas[0])
    marcas = ", ".join(f":{columna}" for columna in columnas)
    motor = sa.create_engine(url, poolclass=sa.NullPool)
    with motor.begin() as conexion:
        conexion.execute(sa.text(f"INSERT INTO {tabla} ({', '.join(columnas)}) VALUES ({marcas})"), filas)
