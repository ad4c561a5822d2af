"""gunicorn de verdad, con nuestro trabajador y plazos cortos, ante quien habla despacio o no calla."""

import http.client
import socket
import subprocess
import time

import pytest

from tests.goteo import Goteo, pedir
from tests.pila import contesta, esperar
from tests.servidor import en_marcha

PROGRAMA = """
import sys
from chasis import paciencia
paciencia.PLAZO, paciencia.PLAZO_LARGO, paciencia.DESPEDIDA = 2.0, 2.0, 1.0
from gunicorn.app.wsgiapp import run
sys.argv = ["gunicorn", "-c", "python:chasis.gunicorn", "eco:app"]
run()
"""
# Dice cuánto ha leído; como los servicios, no lee lo que pasa del límite.
APLICACION = """
def app(environ, start_response):
    largo = int(environ.get("CONTENT_LENGTH") or 2_000_000)
    leido = environ["wsgi.input"].read(largo) if largo <= 2_000_000 or "hoja" in environ["PATH_INFO"] else b""
    start_response("200 OK", [("Content-Length", str(len(str(len(leido)))))])
    return [str(len(leido)).encode()]
"""


@pytest.fixture(scope="module")
def servidor(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("eco")
    (carpeta / "eco.py").write_text(APLICACION)
    entorno = {"WEB_PROCESOS": "1", "WEB_HILOS": "2"}
    with en_marcha("-c", PROGRAMA, carpeta=carpeta, salida=carpeta / "salida", **entorno) as servidor:
        yield servidor


@pytest.fixture
def puerto(servidor):
    return servidor.puerto


def test_quien_habla_despacio_no_deja_sin_hilo_a_los_demas_y_se_queda_sin_conexion(puerto):
    with Goteo(puerto, 20, "/") as goteo:
        for _ in range(10):
            assert contesta(f"http://127.0.0.1:{puerto}/")
        esperar(lambda: not goteo.quedan(), 30)


def test_una_hoja_que_no_acaba_de_llegar_suelta_su_hilo(puerto):
    with Goteo(puerto, 2, "/hoja", lambda forma: forma == "cuerpo largo") as goteo:
        esperar(lambda: not goteo.quedan(), 30)
    assert contesta(f"http://127.0.0.1:{puerto}/")


def test_lo_que_llega_a_pedazos_llega_entero(puerto):
    with socket.create_connection(("127.0.0.1", puerto), timeout=20) as conexion:
        for pedazo in (
            b"POST / HTT",
            b"P/1.1\r\nHost: x\r\nConte",
            b"nt-Length: 10\r\n\r",
            b"\n01234",
            b"56789",
        ):
            conexion.sendall(pedazo)
            time.sleep(0.05)
        assert conexion.recv(65536).endswith(b"\r\n\r\n10")


def test_dos_peticiones_seguidas_en_una_conexion_se_contestan_por_orden(puerto):
    una = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    otra = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde"
    respuestas = pedir(puerto, una + otra)
    assert respuestas.count(b"200 OK") == 2
    assert respuestas.index(b"\r\n\r\n3") < respuestas.index(b"\r\n\r\n5")


@pytest.mark.parametrize("largo", [10, 100_000, 1_500_000])
def test_un_cuerpo_vale_con_su_largo_por_trozos_y_pidiendo_permiso(puerto, largo):
    cliente = http.client.HTTPConnection("127.0.0.1", puerto, timeout=20)
    pedazos = [b"x" * (largo // 5)] * 5
    for cuerpo, cabeceras in (
        (b"".join(pedazos), {}),
        (iter(pedazos), {"Transfer-Encoding": "chunked"}),
    ):
        cliente.request("POST", "/", cuerpo, cabeceras, encode_chunked=True)
        respuesta = cliente.getresponse()
        assert (respuesta.status, respuesta.read()) == (200, str(largo).encode())
    curl = ["curl", "-sS", "-H", "Expect: 100-continue", "--expect100-timeout", "20", "--data-binary", "@-"]
    orden = [*curl, f"http://127.0.0.1:{puerto}/"]
    hecho = subprocess.run(orden, input=b"x" * largo, capture_output=True, check=True, timeout=15)
    assert hecho.stdout == str(largo).encode()


def test_una_hoja_que_no_cabe_en_memoria_se_lee_segun_llega(puerto):
    cliente = http.client.HTTPConnection("127.0.0.1", puerto, timeout=20)
    cliente.request("POST", "/hoja", b"x" * 5_000_000)
    assert cliente.getresponse().read() == b"5000000"


def test_unas_cabeceras_que_no_acaban_son_un_431(puerto):
    for peticion in (
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Grande: " + b"x" * 200_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 40_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 500 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Grande: " + b"x" * 20_000 + b"\r\n\r\n",
    ):
        assert pedir(puerto, peticion).startswith(b"HTTP/1.1 431 ")


def test_una_direccion_sin_fin_no_se_atiende(puerto):
    assert pedir(puerto, b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(
        b"HTTP/1.1 414 "
    )
    assert pedir(puerto, b"GET /" + b"x" * 200_000).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "peticion",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nRosario\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nRosario",
        b"GET /clientes/Rosario Fuentes HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nRosario Fuentes: 600123456\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: Rosario\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_lo_que_no_se_entiende_es_un_400_que_no_repite_lo_que_llego(servidor, peticion):
    respuesta = pedir(servidor.puerto, peticion)
    assert respuesta.startswith(b"HTTP/1.1 400 ")
    assert b"Rosario" not in respuesta
    assert "Rosario" not in servidor.salida.read_text()
