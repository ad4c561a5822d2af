"""Lo que nunca sale, con cualquier disfraz y con las variables de cada despliegue: no llega a ningún servicio.

Detrás del gateway hay un vecino que contesta a todo: aquí no ayuda que el servicio, además, lo niegue por su cuenta.
"""

import re
from urllib.parse import unquote

import pytest
import yaml

from tests.entrada import gateway
from tests.goteo import Goteo, pedir
from tests.pila import RAIZ, contesta, esperar

SERVICIOS = ("canales", "clientes", "almacen", "partners", "leads", "espacio")
CERRADAS = ("/metrics", "/health/ready", "/eventos")
DISFRACES = (
    "{}", "/{}", "/.{}", "{}/", "{}//", "{};x=1", "{}/;x", "{}?x=1", "{}%3Bx", "{}%2F", "{}%2Fx", "/x/..{}",
    "/x/%2e%2e{}", "/x%2F..{}", "/%2e{}", "/%2E/{}", "%2F{}", "/%2F{}", "{}/.", "{}/x/..", "{}#x", "//x//..//{}",
)  # fmt: skip


def de_compose(servicio):
    """Las variables que un despliegue da al gateway; sus valores por defecto, y sin las direcciones."""
    valor = re.compile(r"\$\{\w+:-([^}]*)\}")
    return {c: valor.sub(r"\1", v) for c, v in servicio["environment"].items() if not c.endswith("_URL")}


def variables(fichero):
    return de_compose(yaml.safe_load((RAIZ / fichero).read_text("utf-8"))["services"]["gateway"])


DESPLIEGUES = {
    "en una máquina": {},
    "docker compose": variables("docker-compose.yml"),
    "swarm": variables(
        "deploy/swarm/centralita.yml"
    ),  # en producción, y con una dirección para todas las réplicas
}


def disfrazadas():
    for cerrada in CERRADAS:
        letra = f"%{ord(cerrada[1]):02x}"
        yield from (disfraz.format(cerrada) for disfraz in DISFRACES)
        yield from (
            cerrada.upper(),
            cerrada.title(),
            f"/{letra}{cerrada[2:]}",
            f"/{letra.upper()}{cerrada[2:]}",
        )
    yield from (
        "/health//ready",
        "/health/./ready",
        "/health/x/../ready",
        "/health%2Fready",
        "/health%2fready/",
    )


def peticiones():
    for ruta in disfrazadas():
        for servicio in SERVICIOS:
            yield f"/{servicio}{ruta}", "localhost"
            yield ruta, f"{servicio}.localhost"


def es_cerrada(recibida):
    """Si un servicio podría leerla como una de esas: descodificada, sin mayúsculas, parámetros ni barras de más."""
    ruta = re.sub("/+", "/", unquote(recibida.split("?")[0]).lower()).split(";")[0]
    return ruta.removeprefix("/espacio").rstrip("/") in CERRADAS  # el único que recibe su prefijo


@pytest.mark.parametrize("despliegue", DESPLIEGUES)
def test_nada_interno_llega_a_un_servicio(tmp_path, vecino, despliegue):
    with gateway(tmp_path / "gateway", vecino.url, DESPLIEGUES[despliegue]) as puerto:
        vecino.recibidas.clear()
        for tanda in en_tandas([*peticiones()], 100):
            lineas = (f"GET {ruta} HTTP/1.1\r\nHost: {anfitrion}\r\n\r\n" for ruta, anfitrion in tanda)
            pedir(puerto, "".join(lineas).encode() + b"GET / HTTP/1.0\r\n\r\n")
    rutas = [ruta for _, ruta, _, _ in vecino.recibidas]
    assert "/x%2F../metrics" in rutas  # lo que solo se les parece es el nombre de alguien, y llega entero
    assert [ruta for ruta in rutas if es_cerrada(ruta)] == []


def en_tandas(todas, cuantas):
    return (todas[i : i + cuantas] for i in range(0, len(todas), cuantas))


def test_lo_de_traefik_no_se_atiende_en_la_entrada_publica(tmp_path, vecino):
    """Son rutas como otras cualesquiera del portal, que aquí no está."""
    with gateway(tmp_path / "gateway", vecino.url, {}) as puerto:
        for ruta in ("/ping", "/api/rawdata", "/api/http/routers", "/dashboard/", "/debug/pprof/"):
            pedida = f"GET {ruta} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            assert pedir(puerto, pedida.encode()).startswith(b"HTTP/1.1 502 "), ruta


def test_el_gateway_corta_a_quien_habla_despacio_y_atiende_a_los_demas(tmp_path, vecino):
    with gateway(tmp_path / "gateway", vecino.url, {}, readTimeout="2s") as puerto:
        with Goteo(puerto, 50, "/canales/cliente") as goteo:
            for _ in range(10):
                assert contesta(f"http://127.0.0.1:{puerto}/canales/")
            esperar(lambda: not goteo.quedan(), 30)
        llegaron = [ruta for metodo, ruta, _, _ in vecino.recibidas if metodo == "POST"]
    assert llegaron == []  # un cuerpo a medias no ocupa a nadie detrás
