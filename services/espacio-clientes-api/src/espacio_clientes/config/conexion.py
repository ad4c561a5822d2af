"""Gestión de las conexiones: el pool de Oracle (`oracle`), o SQLite si no hay `DB_HOST`."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos
from espacio_clientes.config.settings import Ajustes

HILOS = 40  # los que atienden peticiones a la vez (los de Starlette): en SQLite, uno por conexión


def abrir(ajustes: Ajustes) -> BaseDeDatos:
    """La base que dice la configuración; todavía sin conectar."""
    if not ajustes.bd_anfitrion:
        return BaseDeDatos(ajustes.url_sqlite, conexiones=HILOS)
    from espacio_clientes.config.oracle import BaseDeDatosOracle  # con SQLite no se carga

    return BaseDeDatosOracle(ajustes)


def probar(ajustes: Ajustes) -> int:
    """Conecta, lo dice y devuelve el código de salida de `test_db.py`."""
    bd = abrir(ajustes)
    try:
        bd.comprobar()
    except (SQLAlchemyError, OSError) as fallo:
        motivo = getattr(fallo, "orig", None) or fallo
        print(f"No se ha podido conectar: {motivo}")  # noqa: T201
        return 1
    finally:
        bd.cerrar()
    print("Conexión exitosa!")  # noqa: T201
    return 0
