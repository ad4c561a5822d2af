"""Alta de usuarios, clientes y deudas. La API no las hace: vienen del sistema central o de las semillas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from espacio_clientes.infraestructura.tablas import clientes, deudas, usuarios


def usuario_conocido(conexion: sa.Connection, usuario: str) -> bool:
    consulta = sa.select(usuarios.c.usuario).where(usuarios.c.usuario == usuario)
    return conexion.execute(consulta).first() is not None


def alta_de_usuario(
    conexion: sa.Connection, usuario: str, clave: str, rol: str, documento: str | None
) -> None:
    """`clave` ya llega como hash de argon2."""
    valores = {"usuario": usuario, "clave": clave, "rol": rol, "documento": documento}
    conexion.execute(sa.insert(usuarios), valores)


def alta_de_cliente(conexion: sa.Connection, documento: str, nombre: str) -> None:
    """No hace nada si ya estaba."""
    consulta = sa.select(clientes.c.documento).where(clientes.c.documento == documento)
    if conexion.execute(consulta).first() is None:
        conexion.execute(sa.insert(clientes), {"documento": documento, "nombre": nombre})


def alta_de_deudas(conexion: sa.Connection, nuevas: Sequence[dict[str, Any]]) -> int:
    """Da de alta las que falten y dice cuántas eran."""
    codigos = [deuda["codmovimiento"] for deuda in nuevas]
    consulta = sa.select(deudas.c.codmovimiento).where(deudas.c.codmovimiento.in_(codigos))
    conocidas = set(conexion.execute(consulta).scalars())
    faltan = [deuda for deuda in nuevas if deuda["codmovimiento"] not in conocidas]
    if faltan:
        conexion.execute(sa.insert(deudas), faltan)
    return len(faltan)
