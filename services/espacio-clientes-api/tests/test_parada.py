"""El servidor de verdad, en su proceso, cuando le mandan parar."""

import http.client
import signal

import pytest

from tests.pila import esperar
from tests.servidor import en_marcha

# Con una despedida larga, la prueba no depende de lo cargada que esté la máquina.
PROGRAMA = "import espacio_clientes.__main__ as servidor; servidor.DESPEDIDA = 60; servidor.main()"


@pytest.fixture
def servidor(tmp_path):
    salida = tmp_path / "salida"
    with en_marcha("-c", PROGRAMA, carpeta=tmp_path, salida=salida, DATOS_DIR=str(tmp_path)) as servidor:
        yield servidor
        servidor.proceso.kill()  # no hay que esperar a que acabe su despedida


def test_contesta_una_vez_mas_en_las_conexiones_abiertas_y_no_admite_otras(servidor):
    abierta = http.client.HTTPConnection("127.0.0.1", servidor.puerto, timeout=10)
    abierta.request("GET", "/health/live")
    abierta.getresponse().read()
    servidor.proceso.send_signal(signal.SIGTERM)
    esperar(lambda: not servidor.vive(), 20)
    abierta.request("GET", "/health/live")
    respuesta = abierta.getresponse()
    assert respuesta.status == 200
    assert respuesta.getheader("Connection") == "close"
