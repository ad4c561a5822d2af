"""`python test_db.py`: prueba la conexión que dice `.env` y sale con 0 si funciona y con 1 si no."""

import sys

from espacio_clientes.config.conexion import probar
from espacio_clientes.config.settings import Ajustes

if __name__ == "__main__":
    sys.exit(probar(Ajustes.cargar()))
