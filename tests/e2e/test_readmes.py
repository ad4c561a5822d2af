"""Cada petición que enseña un README da, de verdad, la respuesta que enseña: por su puerto y por el gateway."""

import subprocess
import sys

import pytest

from tests import readmes


@pytest.mark.parametrize("entrada", ["directa", "gateway"])
def test_los_ejemplos_de_los_readme_son_verdad(otra_pila, entrada):
    pila = otra_pila(ESPACIO_DEMO_PASSWORD_CLIENTE="clave-de-ejemplo")
    subprocess.run([sys.executable, "-m", "espacio_clientes.semillas"], env=pila.entorno, check=True)
    readmes.comprobar(pila.url if entrada == "directa" else pila.por_el_gateway)
