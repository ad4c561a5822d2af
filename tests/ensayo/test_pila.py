"""La pila real, de extremo a extremo: `make up` con PostgreSQL, MySQL, Pulsar y Traefik. Necesita Docker.

El orden importa: cada prueba sigue con la pila que deja la anterior, porque levantarla cuesta más que casi todas.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
import requests

from tests import citas, readmes
from tests.ensayo.contenedores import PilaReal
from tests.pila import esperar
from tests.trafico import Trafico, crear

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def pila() -> Iterator[PilaReal]:
    pila = PilaReal()
    pila.make("down", DATOS="0")
    print(pila.make("up"))
    yield pila
    pila.make("down", DATOS="0")


ALTAS = {
    "clientes": ("clientes", lambda n: {"nombre": n, "contacto": "eva@ejemplo.com", "servicio": "Fibra"}),
    "partners": (
        "api/v1/partners",
        lambda n: {"nombre": n, "email": f"{n.replace(' ', '-').lower()}@ejemplo.com"},
    ),
    "canales": ("cliente", lambda n: {"nombre": n, "tipo_servicio": "Fibra"}),
}


def altas(pila, servicio, hilos, **ajustes) -> Trafico:
    ruta, cuerpo = ALTAS[servicio]
    return Trafico(*[crear(f"{pila.por_el_gateway(servicio)}/{ruta}", cuerpo)] * hilos, **ajustes)


@pytest.fixture
def clientes(pila) -> Trafico:
    return altas(pila, "clientes", 2, insistir=True)


@pytest.fixture
def partners(pila) -> Trafico:
    return altas(pila, "partners", 1, insistir=True)


def nombres(url: str) -> Counter[str]:
    """Todos los de una lista, página a página; sirve para `nombre` suelto y para objetos que lo llevan."""
    leidos: Counter[str] = Counter()
    while url:
        respuesta = requests.get(url, timeout=30)
        filas = respuesta.json()
        filas = filas.get("partners", filas) if isinstance(filas, dict) else filas
        leidos.update(fila if isinstance(fila, str) else fila["nombre"] for fila in filas)
        url = respuesta.links.get("next", {}).get("url", "")
    return leidos


def test_los_ejemplos_de_los_readme_son_verdad_a_traves_de_traefik(pila):
    clave = "ESPACIO_DEMO_PASSWORD_CLIENTE=clave-de-ejemplo"
    pila.ejecutar("espacio", "python", "-m", "espacio_clientes.semillas", entorno=clave)
    readmes.comprobar(pila.por_el_gateway)


def test_lo_que_pasa_en_un_servicio_llega_a_los_demas_por_pulsar(pila):
    """Los README ya han abierto fichas, cambiado leads, pagado y anulado: canales se entera de todo."""
    assert citas.reservar(pila.por_el_gateway("leads")).status_code == 200
    esperados = {
        "registrar_cliente_guardado", "registrar_llamada", "registrar_cita", "anotar_pago", "anotar_anulacion",
    }  # fmt: skip
    esperar(lambda: esperados <= set(pila.ejecutar("canales", "python", "-c", _TIPOS_RECIBIDOS).split()), 60)


_TIPOS_RECIBIDOS = (
    "import sqlite3; print(*{m for m, in sqlite3.connect('/datos/canales.sqlite')"
    ".execute('select manejador from inbox')})"
)


def test_una_peticion_se_sigue_y_los_muertos_se_cuentan_en_los_contenedores(pila):
    nueva = {"nombre": "Eva Seguida", "contacto": "eva@ejemplo.com", "servicio": "Fibra"}
    peticion = {"X-Request-ID": "peticion-que-cruza"}
    url = f"{pila.por_el_gateway('clientes')}/clientes"
    assert requests.post(url, json=nueva, headers=peticion, timeout=30).status_code == 201
    en_orden = lambda: [li.split()[1] for li in pila.make("seguir", "id=peticion-que-cruza").splitlines()]  # noqa: E731
    esperar(lambda: {"almacen", "clientes", "canales-trabajador"} <= set(en_orden()), 60)
    assert "0 eventos muertos." in pila.make("dlq")


def test_nada_confirmado_se_pierde_aunque_muera_cada_contenedor(pila, clientes, partners):
    recuperacion = {}
    with clientes, partners:
        for contenedor in pila.contenedores():
            pila.docker("kill", contenedor)
            inicio = time.monotonic()
            time.sleep(1)
            pila.docker("start", contenedor)
            esperar(lambda c=contenedor: pila.sano(c), 180)
            recuperacion[contenedor.removeprefix(f"{pila.proyecto}-")] = round(time.monotonic() - inicio, 1)
    print(f"\nrecuperación, en segundos: {recuperacion}")
    print(f"clientes, {len(clientes.confirmadas)} confirmadas: {clientes.resumen()}")
    print(f"partners, {len(partners.confirmadas)} confirmadas: {partners.resumen()}")
    guardados = nombres(f"{pila.url('clientes')}/clientes")
    assert {n: guardados[n] for n in clientes.confirmadas} == dict.fromkeys(clientes.confirmadas, 1)
    en_partners = nombres(f"{pila.url('partners')}/api/v1/partners?per_page=100&page=1")
    assert {n: en_partners[n] for n in partners.confirmadas} == dict.fromkeys(partners.confirmadas, 1)
    lista = f"{pila.url('canales')}/clientes?per_page=500&page=1"
    esperar(lambda: set(clientes.confirmadas) <= set(nombres(lista)), 240)
    avisados = nombres(lista)
    assert {n: avisados[n] for n in clientes.confirmadas} == dict.fromkeys(clientes.confirmadas, 1)


def test_una_copia_hecha_con_trafico_devuelve_cada_almacen_a_como_estaba(pila, clientes, partners):
    with clientes, partners:
        time.sleep(2)
        copia = _carpeta(pila.make("respaldo"))
        time.sleep(2)
    despues = [*clientes.confirmadas, *partners.confirmadas]
    pila.make("down", DATOS="0")
    pila.make("up")
    print(pila.make("restaurar", f"de={copia}"))
    fichas = nombres(f"{pila.url('clientes')}/clientes")
    en_partners = nombres(f"{pila.url('partners')}/api/v1/partners?per_page=100&page=1")
    lista = f"{pila.url('canales')}/clientes?per_page=500&page=1"
    print(f"confirmadas {len(despues)}; en la copia, {len(fichas)} fichas y {len(en_partners)} partners")
    assert fichas
    assert en_partners
    assert set(fichas.values()) | set(en_partners.values()) == {1}
    # Ni una ficha sin su aviso, ni un aviso de una ficha que no está.
    esperar(lambda: _de_prueba(nombres(lista)) == _de_prueba(fichas), 120)
    url = f"{pila.url('leads')}/api/obtener_resultados?resultado=volver%20a%20marcar"
    assert requests.get(url, timeout=30).json()["count"] > 0


def _de_prueba(leidos: Counter[str]) -> set[str]:
    return {nombre for nombre in leidos if nombre.startswith("Prueba ")}


def _carpeta(salida: str) -> str:
    return salida.rsplit("de=", 1)[1].strip()


@pytest.mark.parametrize("servicio", ["partners", "clientes", "canales"])
def test_reiniciar_un_servicio_con_replicas_no_corta_ninguna_peticion(pila, servicio):
    if len([c for c in pila.contenedores() if f"-{servicio}-" in c and "trabajador" not in c]) == 1:
        pila.make("up", REPLICAS="3")
    with altas(pila, servicio, 4) as trafico:
        pila.make("reiniciar", f"s={servicio}")
    print(f"\n{servicio}, {len(trafico.confirmadas)} escrituras durante el reinicio: {trafico.resumen()}")
    assert not trafico.fallos
    assert trafico.confirmadas


def test_al_proxy_en_quien_se_confia_se_le_cree_que_llego_por_https(pila):
    por_https = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "centralita.example"}
    assert (
        "https://centralita.example"
        not in requests.get(pila.url("gateway"), headers=por_https, timeout=30).text
    )
    pila.make("up", REPLICAS="3", GATEWAY_PROXIES="0.0.0.0/0")
    assert (
        "https://centralita.example" in requests.get(pila.url("gateway"), headers=por_https, timeout=30).text
    )
