"""`python -m espacio_clientes.verificar`: demuestra que el libro de pagos cuadra; sale con 1 si no."""

from __future__ import annotations

import sys

from sqlalchemy import text

from espacio_clientes.aplicacion.verificacion import verificar
from espacio_clientes.config import conexion
from espacio_clientes.config.settings import Ajustes


def main() -> int:
    bd = conexion.abrir(Ajustes.cargar())
    with bd.lectura() as abierta:
        if not bd.es_sqlite:  # en SQLite toda lectura es ya una instantánea; en Oracle, solo si se pide
            abierta.execute(text("SET TRANSACTION READ ONLY"))
        informe = verificar(abierta)
    print("\n".join(informe.lineas()))  # noqa: T201
    return 1 if informe.fallos else 0


if __name__ == "__main__":
    sys.exit(main())
