"""El broker de verdad: falta al empezar, muere con carga, se congela y vuelve con las manos vacías."""

import statistics
import subprocess
import time

import pytest

from tests.contenedores import CON_CONTENEDORES, pulsar
from tests.eventos import piezas
from tests.eventos.montaje import Montaje
from tests.pila import esperar

pytestmark = [
    pytest.mark.skipif(not CON_CONTENEDORES, reason="necesita Docker: make test-integracion"),
    pytest.mark.timeout(400),
]


def docker(*orden):
    subprocess.run(["docker", *orden], check=True, capture_output=True, timeout=60)


@pytest.fixture
def montaje(servidor_pulsar, tmp_path, url_vacia):
    broker, _ = servidor_pulsar
    montaje = Montaje(
        tmp_path,
        url_vacia("postgresql"),
        url_vacia("postgresql"),
        EVENTOS_TRANSPORTE="pulsar",
        PULSAR_URL=broker,
    )
    yield montaje
    montaje.detener()


@pytest.fixture
def contenedor(servidor_pulsar):
    return servidor_pulsar[1]


def duraciones(montaje, segundos):
    """Milisegundos de cada escritura con su evento durante ese tiempo, una detrás de otra."""
    montaje.conectar_emisor()
    medidas, limite = [], time.monotonic() + segundos
    while time.monotonic() < limite:
        inicio = time.perf_counter()
        piezas.sumar(montaje.bases["emisor"], "7")
        medidas.append((time.perf_counter() - inicio) * 1000)
        time.sleep(0.01)
    return medidas


def p99(medidas):
    return statistics.quantiles(medidas, n=100)[98]


def test_un_broker_parado_bajo_carga_no_pierde_nada_ni_se_nota_en_las_escrituras(montaje, contenedor):
    montaje.lanzar("aplicar")
    montaje.lanzar("repartir")
    con_broker = duraciones(montaje, 15)
    docker("kill", contenedor)
    sin_broker = duraciones(montaje, 60)
    assert montaje.pendientes() > 0
    docker("start", contenedor)
    montaje.comprobar_que_todo_llego(180)
    print(
        f"{len(sin_broker)} escrituras con el broker muerto 60 s: todas llegaron; "
        f"p99 con broker {p99(con_broker):.1f} ms, sin él {p99(sin_broker):.1f} ms"
    )


def test_un_broker_congelado_no_pierde_nada(montaje, contenedor):
    montaje.lanzar("aplicar")
    montaje.lanzar("repartir")
    montaje.lanzar("emitir", "80").wait()
    montaje.comprobar_que_todo_llego(120)
    docker("pause", contenedor)
    try:
        duraciones(montaje, 15)
    finally:
        docker("unpause", contenedor)
    montaje.comprobar_que_todo_llego(180)


def test_el_trabajador_puede_arrancar_sin_broker(montaje, contenedor):
    docker("kill", contenedor)
    montaje.lanzar("aplicar")
    montaje.lanzar("repartir")
    montaje.lanzar("emitir", "80").wait()
    docker("start", contenedor)
    montaje.comprobar_que_todo_llego(180)


def test_un_broker_que_vuelve_con_las_manos_vacias_recibe_lo_que_faltaba(tmp_path, url_vacia):
    """Sin temas ni suscripciones: el relay los crea antes de publicar, y los consumidores se vuelven a suscribir."""
    with pulsar() as (broker, contenedor):
        montaje = Montaje(
            tmp_path,
            url_vacia("postgresql"),
            url_vacia("postgresql"),
            EVENTOS_TRANSPORTE="pulsar",
            PULSAR_URL=broker,
        )
        try:
            montaje.lanzar("aplicar")
            montaje.lanzar("repartir")
            montaje.lanzar("emitir", "80").wait()
            montaje.comprobar_que_todo_llego(120)
            docker("exec", contenedor, "sh", "-c", "rm -rf data/*")
            docker("kill", contenedor)
            montaje.lanzar("emitir", "80").wait()
            docker("start", contenedor)
            montaje.comprobar_que_todo_llego(180)
        finally:
            montaje.detener()


def test_lo_publicado_antes_de_que_nadie_se_suscriba_espera_a_su_consumidor(montaje):
    montaje.lanzar("repartir")
    montaje.lanzar("emitir", "80").wait()
    esperar(lambda: montaje.pendientes() == 0, 120)
    montaje.lanzar("aplicar")
    montaje.comprobar_que_todo_llego(120)
