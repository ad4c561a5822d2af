"""Cada petición que enseña un README da, de verdad, la respuesta que enseña: por su puerto y por el gateway."""

import subprocess
import sys

import pytest

from tests import ejemplos
from tests.pila import RAIZ

SERVICIOS = (
    "services/canales-service",
    "services/storage_service",
    "services/customer_service",
    "services/partners-service",
    "services/tuotempo-leads-service",
    "services/espacio-clientes-api",
)
DIRECTAS = {
    "http://127.0.0.1:5000": "canales",
    "http://127.0.0.1:5001": "almacen",
    "http://127.0.0.1:5002": "clientes",
    "http://localhost:5001": "partners",
    "http://localhost:5000": "leads",
    "https://actualizarllamadas-production.up.railway.app": "leads",
    "https://<TU_APP_RAILWAY>.up.railway.app": "leads",
    "http://127.0.0.1:8000": "espacio",
}


@pytest.mark.parametrize("entrada", ["directa", "gateway"])
def test_los_ejemplos_de_los_readme_son_verdad(otra_pila, entrada):
    pila = otra_pila(ESPACIO_DEMO_PASSWORD_CLIENTE="clave-de-ejemplo")
    subprocess.run([sys.executable, "-m", "espacio_clientes.semillas"], env=pila.entorno, check=True)
    destino = pila.url if entrada == "directa" else pila.por_el_gateway
    sustituciones = {original: destino(servicio) for original, servicio in DIRECTAS.items()}
    for carpeta in SERVICIOS:
        readme = RAIZ / carpeta / "README.md"
        leidos = list(ejemplos.de(readme))
        ordenes = [linea for linea in readme.read_text("utf-8").splitlines() if linea.startswith("curl ")]
        assert len(leidos) == len(ordenes), f"{readme}: hay un ejemplo que no se ha sabido leer"
        for ejemplo in leidos:
            estado, cuerpo = ejemplo.ejecutar(sustituciones)
            donde = f"{readme.relative_to(RAIZ)}:{ejemplo.linea}"
            assert (donde, estado) == (donde, ejemplo.estado), cuerpo
            esperado = ejemplos.capturar(ejemplo.cuerpo, cuerpo, sustituciones)
            assert ejemplos.con_formas(cuerpo) == ejemplos.con_formas(esperado), donde
