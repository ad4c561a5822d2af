"""`make datos-demo`."""

import subprocess
import sys

import requests

from tests.pila import RAIZ, esperar


def en_canales(pila):
    lista = requests.get(pila.url("canales") + "/clientes?per_page=500", timeout=5).json()
    return [cliente["nombre"] for cliente in lista]


def test_los_datos_de_demostracion_no_van_a_la_centralita_de_otra_carpeta(pila, tmp_path):
    orden = [sys.executable, str(RAIZ / "deploy/local/datos_demo.py")]
    entorno = {**pila.entorno, "DATOS_DIR": str(tmp_path)}
    carga = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=False)
    assert carga.returncode == 1
    assert "no está en marcha desde esta carpeta" in carga.stderr
    assert list(tmp_path.iterdir()) == []


def test_los_datos_de_demostracion_entran_por_las_api_y_repetirlos_no_los_duplica(otra_pila):
    pila = otra_pila()
    orden = [sys.executable, str(RAIZ / "deploy/local/datos_demo.py")]
    for _ in range(2):
        carga = subprocess.run(
            orden, env=pila.entorno, capture_output=True, text=True, timeout=60, check=False
        )
        assert carga.returncode == 0, carga.stderr
    assert pila.url("gateway") in carga.stdout
    assert len(requests.get(pila.url("clientes") + "/clientes", timeout=5).json()) >= 6
    # La mitad llega a canales como evento de su ficha, y cada una una sola vez.
    esperar(lambda: len(en_canales(pila)) >= 12)
    assert len(en_canales(pila)) == len(set(en_canales(pila)))
    partners = requests.get(pila.url("partners") + "/api/v1/partners", timeout=5).json()
    assert [partner["integraciones_count"] for partner in partners["partners"]] == [2, 0, 1, 0]
