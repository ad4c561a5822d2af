"""El servidor de verdad, en su proceso, cuando le mandan parar."""

import http.client
import os
import signal
import subprocess
import sys

import pytest

from tests.pila import contesta, esperar, puertos_libres

# Con una despedida larga, la prueba no depende de lo cargada que esté la máquina.
PROGRAMA = "import espacio_clientes.__main__ as servidor; servidor.DESPEDIDA = 60; servidor.main()"


@pytest.fixture
def servidor(tmp_path):
    (puerto,) = puertos_libres(1)
    entorno = {**os.environ, "PORT": str(puerto), "DATOS_DIR": str(tmp_path)}
    proceso = subprocess.Popen([sys.executable, "-c", PROGRAMA], env=entorno, cwd=tmp_path)
    esperar(lambda: contesta(f"http://127.0.0.1:{puerto}/health/live"), 60)
    yield proceso, puerto
    proceso.kill()
    proceso.wait()


def test_contesta_una_vez_mas_en_las_conexiones_abiertas_y_no_admite_otras(servidor):
    proceso, puerto = servidor
    abierta = http.client.HTTPConnection("127.0.0.1", puerto, timeout=10)
    abierta.request("GET", "/health/live")
    abierta.getresponse().read()
    proceso.send_signal(signal.SIGTERM)
    esperar(lambda: not contesta(f"http://127.0.0.1:{puerto}/health/live"), 20)
    abierta.request("GET", "/health/live")
    respuesta = abierta.getresponse()
    assert respuesta.status == 200
    assert respuesta.getheader("Connection") == "close"
