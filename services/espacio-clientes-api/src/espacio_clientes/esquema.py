"""`python -m espacio_clientes.esquema`: el esquema completo para Oracle, para que lo aplique quien lo administra."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects.oracle import oracledb
from sqlalchemy.schema import CreateIndex, CreateTable

from chasis import idempotencia
from chasis.eventos import tablas as eventos
from espacio_clientes.infraestructura.tablas import metadatos

VERSION = "0001"  # la última migración: con el esquema ya aplicado, el servicio no intenta crear nada
_CABECERA = """\
-- Esquema de espacio-clientes para Oracle 19c o posterior. Se genera con `make esquema-oracle`: no lo edites a mano.
-- Aplícalo con un usuario que pueda crear tablas; el del servicio solo necesita leerlas y escribirlas.
"""


def sentencias() -> Iterator[str]:
    dialecto = oracledb.dialect()  # type: ignore[no-untyped-call]
    dialecto.supports_identity_columns = True
    for tabla in (*metadatos.sorted_tables, idempotencia.TABLA, *eventos.METADATOS.sorted_tables):
        yield str(CreateTable(tabla).compile(dialect=dialecto)).strip()
        for indice in sorted(tabla.indexes, key=lambda i: str(i.name)):
            yield str(CreateIndex(indice).compile(dialect=dialecto)).strip()
    yield "INSERT INTO libro (id, asientos, recibos) VALUES (1, 0, 0)"
    version = sa.Table(
        "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True)
    )
    yield str(CreateTable(version).compile(dialect=dialecto)).strip()
    yield f"INSERT INTO alembic_version (version_num) VALUES ('{VERSION}')"  # noqa: S608 — una constante de aquí
    yield "COMMIT"


def main() -> None:
    lineas = "\n\n".join(f"{sentencia};" for sentencia in sentencias())
    print(_CABECERA + "\n" + "\n".join(linea.rstrip() for linea in lineas.splitlines()))  # noqa: T201


if __name__ == "__main__":
    main()
