"""Ensayo de Docker Swarm: la pila entera se despliega, crece, se actualiza bajo carga y pierde una réplica.

`make test-swarm` (hace falta Docker y las imágenes de `make images`); crea un enjambre en esta máquina y lo deshace.
"""

import os
import time

import pytest
import requests

from tests.ensayo.enjambre import PILA, Enjambre, contenedores, docker
from tests.pila import contesta, esperar
from tests.trafico import Trafico, crear, leer

pytestmark = [
    pytest.mark.skipif(os.environ.get("ENSAYO_DE_SWARM") != "1", reason="solo con `make test-swarm`"),
    pytest.mark.timeout(1200),
]
CANALES = f"{PILA}_canales"
A_LA_VEZ = 8


@pytest.fixture(scope="module")
def enjambre(tmp_path_factory):
    with Enjambre(tmp_path_factory.mktemp("enjambre")).en_marcha() as uno:
        servicios = ("canales", "almacen", "clientes", "partners", "leads", "espacio")
        # Varias seguidas: el circuito del gateway, abierto mientras arrancaban, se cierra poco a poco.
        esperar(lambda: all(contesta(f"{uno.url}/{s}/health/live") for s in servicios * 10), 120)
        yield uno


@pytest.fixture
def decir(capsys):
    def escribir(texto):
        with capsys.disabled():
            print(f"\n  {texto}", end="", flush=True)

    return escribir


@pytest.fixture
def tres_replicas(enjambre):
    docker("service", "scale", "--detach=false", f"{CANALES}=3")
    assert len(contenedores("canales")) == 3


def carga(enjambre) -> Trafico:
    """Altas y lecturas de canales por el gateway, sin reintentos: lo que falla, falla."""
    url = f"{enjambre.url}/canales"
    alta = crear(f"{url}/cliente", lambda nombre: {"nombre": nombre, "tipo_servicio": "ensayo"})
    return Trafico(*[alta, leer(f"{url}/clientes?page=1&per_page=5")] * (A_LA_VEZ // 2))


def clientes(enjambre) -> set[str]:
    respuesta = requests.get(f"{enjambre.url}/canales/clientes", timeout=60)
    if respuesta.status_code == 404:  # lo que contesta canales, según su README, si aún no hay ninguno
        return set()
    respuesta.raise_for_status()
    return {cliente["nombre"] for cliente in respuesta.json()}


def test_una_ficha_cruza_la_plataforma_hasta_canales(enjambre, decir):
    inicio = time.monotonic()
    ficha = {"nombre": "Lucía Ejemplo", "contacto": "lucia@example.com", "servicio": "Fibra"}
    assert requests.post(f"{enjambre.url}/clientes/clientes", json=ficha, timeout=30).status_code == 201
    esperar(lambda: "Lucía Ejemplo" in clientes(enjambre), 120)
    decir(f"el evento llegó de almacén a canales por Pulsar en {time.monotonic() - inicio:.1f} s")


def test_al_crecer_a_tres_replicas_las_tres_atienden(enjambre, tres_replicas, decir):
    antes = {contenedor: atendidas(contenedor) for contenedor in contenedores("canales")}
    with carga(enjambre) as trafico:
        esperar(lambda: trafico.total > 600, 120)
    reparto = sorted(atendidas(contenedor) - antes[contenedor] for contenedor in antes)
    decir(f"con tres réplicas: {trafico.resumen()}; peticiones de cada una: {reparto}")
    assert trafico.fallidas == 0
    assert reparto[0] > trafico.total / 6


def test_una_actualizacion_bajo_carga_no_pierde_ninguna_peticion(
    enjambre, tres_replicas, imagen_nueva, decir
):
    viejas = set(contenedores("canales"))
    with carga(enjambre) as trafico:
        docker("service", "update", "--detach=false", "--image", imagen_nueva, CANALES)
    decir(f"actualización de tres réplicas: {trafico.resumen()}")
    esperar(lambda: not viejas & set(contenedores("canales")), 60)
    assert trafico.fallidas == 0
    assert set(trafico.confirmadas) <= clientes(enjambre)


def test_perder_una_replica_solo_corta_lo_que_ella_tenia_entre_manos(enjambre, tres_replicas, decir):
    perdida = contenedores("canales")[0]
    with carga(enjambre) as trafico:
        esperar(lambda: trafico.total > 200, 60)
        docker("kill", perdida)
        esperar(lambda: perdida not in contenedores("canales") and len(contenedores("canales")) == 3, 120)
        esperar(lambda: sana(contenedores("canales")), 120)
    decir(f"pérdida de una réplica: {trafico.resumen()}")
    assert trafico.fallidas <= A_LA_VEZ
    assert set(trafico.confirmadas) <= clientes(enjambre)


@pytest.fixture
def imagen_nueva(enjambre, tmp_path):
    """La misma imagen con otra etiqueta: para Swarm, una versión nueva."""
    actual = f"centralita/canales:{enjambre.entorno['VERSION']}"
    (tmp_path / "Dockerfile").write_text(f"FROM {actual}\nLABEL ensayo={time.time_ns()}\n")
    docker("build", "--quiet", "--tag", "centralita/canales:ensayo-nueva", str(tmp_path))
    yield "centralita/canales:ensayo-nueva"
    docker("service", "update", "--detach=false", "--image", actual, CANALES)
    docker("image", "rm", "--force", "centralita/canales:ensayo-nueva")


def atendidas(contenedor: str) -> int:
    return docker("logs", contenedor).count('"/cliente')


def sana(replicas: list[str]) -> bool:
    return all(docker("inspect", "-f", "{{.State.Health.Status}}", una) == "healthy" for una in replicas)
