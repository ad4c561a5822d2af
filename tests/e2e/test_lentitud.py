"""Quien habla despacio o no calla, contra cada servicio en marcha, por su puerto y por el gateway."""

from contextlib import ExitStack

import pytest

from tests.goteo import Goteo, pedir
from tests.pila import PROCESOS, SERVICIOS, contesta, esperar

RUTAS = {
    "canales": "/cliente",
    "clientes": "/clientes",
    "almacen": "/archivos",
    "partners": "/api/v1/partners",
    "leads": "/login",
    "espacio": "/token",
    "gateway": "/canales/cliente",
}


def test_con_todo_lleno_de_conexiones_a_medias_se_contesta_a_los_demas(pila):
    """Los dieciséis hilos de cada servicio se llenarían dos veces; el gateway corta más tarde (`test_cerrado`)."""
    with ExitStack() as pendientes:
        goteos = {
            nombre: pendientes.enter_context(Goteo(pila.puertos[nombre], 6, RUTAS.get(nombre, "/")))
            for nombre in PROCESOS
        }
        for nombre in SERVICIOS:
            assert contesta(pila.url(nombre) + "/health/ready")
        for nombre in RUTAS.keys() - {"gateway"}:
            assert contesta(pila.por_el_gateway(nombre) + "/health/live")
        del goteos["gateway"]
        esperar(lambda: not any(goteo.quedan() for goteo in goteos.values()), 60)


@pytest.mark.parametrize("nombre", PROCESOS)
def test_lo_que_no_tiene_fin_se_rechaza(pila, nombre):
    for peticion in (
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Grande: " + b"x" * 400_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 80_000,
        b"GET /" + b"x" * 400_000,
    ):
        estado = pedir(pila.puertos[nombre], peticion)[:12]
        assert estado in (b"HTTP/1.1 431", b"HTTP/1.1 414", b"HTTP/1.1 400")
    assert contesta(pila.url(nombre) + "/health/live")
