"""El servidor de verdad, con un plazo corto, ante quien habla despacio o no calla."""

import pytest

from tests.goteo import Goteo, pedir
from tests.pila import contesta, esperar
from tests.servidor import en_marcha

PROGRAMA = """
from espacio_clientes import protocolo
protocolo.PLAZO = 2.0
import espacio_clientes.__main__ as servidor
servidor.main()
"""


@pytest.fixture(scope="module")
def puerto(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("espacio")
    salida, entorno = carpeta / "salida", {"DATOS_DIR": str(carpeta), "LOG_FORMAT": "json"}
    with en_marcha("-c", PROGRAMA, carpeta=carpeta, salida=salida, **entorno) as servidor:
        yield servidor.puerto
    assert "fallo_inesperado" not in salida.read_text()  # que alguien se vaya no es un fallo


def test_quien_habla_despacio_no_estorba_y_se_queda_sin_conexion(puerto):
    with Goteo(puerto, 40, "/token") as goteo:
        for _ in range(10):
            assert contesta(f"http://127.0.0.1:{puerto}/health/live")
        esperar(lambda: not goteo.quedan(), 30)


def test_unas_cabeceras_o_una_direccion_sin_fin_son_un_431(puerto):
    for peticion in (
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Grande: " + b"x" * 300_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 50_000,
        b"GET /" + b"x" * 300_000,
    ):
        assert pedir(puerto, peticion).startswith(b"HTTP/1.1 431 ")


def test_un_cuerpo_mayor_que_las_cabeceras_no_se_confunde_con_ellas(puerto):
    cuerpo = b"username=ana&password=" + b"x" * 200_000
    cabecera = b"POST /token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n" % len(cuerpo)
    tipo = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    assert pedir(puerto, cabecera + tipo + cuerpo).startswith(b"HTTP/1.1 4")
    assert not pedir(puerto, cabecera + tipo + cuerpo).startswith(b"HTTP/1.1 431 ")
