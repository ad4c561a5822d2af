import socket
import threading
import time

import pytest

from chasis import contexto
from chasis.cliente_http import PLAZO, ClienteHttp
from chasis.errores import NoDisponible
from tests.vecino import contestar

CAIDO = "El vecino no está disponible"


@pytest.fixture
def cliente(vecino):
    return ClienteHttp(vecino.url, CAIDO)


def colgar(manejador):
    """Corta la conexión sin contestar."""
    manejador.close_connection = True
    manejador.connection.shutdown(socket.SHUT_RDWR)


def test_la_identidad_de_la_peticion_viaja_con_la_llamada(cliente, vecino):
    contexto.iniciar("pedido-9", None)
    cliente.pedir("GET", "/x")
    cabeceras = vecino.recibidas[0][2]
    assert cabeceras["X-Request-ID"] == "pedido-9"
    assert cabeceras["traceparent"] == contexto.traza.get()


def test_una_ruta_con_puntos_llega_sin_resolver(cliente, vecino):
    cliente.pedir("GET", "/archivos/%2E%2E")
    assert vecino.recibidas[0][1] == "/archivos/%2E%2E"


def test_un_get_se_reintenta_una_vez(cliente, vecino):
    vecino.responder = lambda m: colgar(m) if len(vecino.recibidas) == 1 else contestar(m, 200, b"{}")
    assert cliente.pedir("GET", "/x").status_code == 200
    assert len(vecino.recibidas) == 2


@pytest.mark.parametrize("metodo", ["POST", "PUT", "DELETE"])
def test_lo_que_no_es_get_no_se_reintenta_nunca(cliente, vecino, metodo):
    vecino.responder = colgar
    with pytest.raises(NoDisponible, match=CAIDO):
        cliente.pedir(metodo, "/x", json={})
    assert len(vecino.recibidas) == 1


def test_un_4xx_es_una_respuesta_y_un_5xx_un_fallo(cliente, vecino):
    vecino.responder = lambda m: contestar(m, 404, b"{}")
    assert cliente.pedir("GET", "/x").status_code == 404
    vecino.responder = lambda m: contestar(m, 500, b"{}")
    with pytest.raises(NoDisponible) as fallo:
        cliente.pedir("POST", "/x")
    assert fallo.value.cabeceras["Retry-After"] == "1"


def test_un_vecino_mudo_no_retiene_mas_de_cuatro_segundos(vecino, cliente):
    soltar = threading.Event()
    vecino.responder = lambda m: soltar.wait(PLAZO + 1) or colgar(m)
    with pytest.raises(NoDisponible):
        cliente.pedir("GET", "/x")
    assert (
        len(vecino.recibidas) == 1
    )  # se rindió antes de que el vecino soltara, y sin tiempo para otro intento
    soltar.set()


def test_cinco_fallos_abren_el_circuito_y_tras_el_reposo_se_prueba_otra_vez(vecino, cliente, monkeypatch):
    vecino.responder = lambda m: contestar(m, 503, b"{}")
    for _ in range(5):
        with pytest.raises(NoDisponible):
            cliente.pedir("POST", "/x")
    with pytest.raises(NoDisponible) as abierto:
        cliente.pedir("POST", "/x")
    assert len(vecino.recibidas) == 5
    assert 8 <= int(abierto.value.cabeceras["Retry-After"]) <= 10

    ahora = time.monotonic()
    monkeypatch.setattr("circuitbreaker.monotonic", lambda: ahora + 11)
    vecino.responder = lambda m: contestar(m, 200, b"{}")
    assert cliente.pedir("POST", "/x").status_code == 200
    assert cliente.pedir("POST", "/x").status_code == 200


def test_el_circuito_no_pone_en_fila_a_las_llamadas(vecino, cliente, a_la_vez):
    todas_dentro = threading.Barrier(8, timeout=2)

    def esperar_a_las_demas(m):
        todas_dentro.wait()
        contestar(m, 200, b"{}")

    vecino.responder = esperar_a_las_demas
    assert [r.status_code for r in a_la_vez(lambda _: cliente.pedir("GET", "/x"), 8)] == [200] * 8


def test_la_comprobacion_de_salud_no_abre_el_circuito(vecino, cliente):
    vecino.responder = lambda m: contestar(m, 500, b"{}")
    for _ in range(6):
        with pytest.raises(OSError):
            cliente.comprobar()
    vecino.responder = lambda m: contestar(m, 200, b"{}")
    assert cliente.pedir("GET", "/x").status_code == 200


def test_un_cuerpo_en_flujo_se_lee_por_trozos(vecino, cliente):
    vecino.responder = lambda m: contestar(m, 200, b"x" * 300_000)
    with cliente.pedir("GET", "/x", flujo=True) as respuesta:
        trozos = list(respuesta.iter_content(100_000))
    assert sum(map(len, trozos)) == 300_000
    assert len(trozos) > 1
