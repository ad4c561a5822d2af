"""De una llamada y de una cita, a los servicios que se enteran: todo en marcha y por el gateway."""

import pytest
import requests

from tests import citas
from tests.pila import esperar


@pytest.fixture
def leads(otra_pila):
    pila = otra_pila()
    leads = pila.por_el_gateway("leads")
    requests.get(f"{leads}/admin/load-excel", timeout=60).raise_for_status()
    return pila, leads


def leer(pila, ruta):
    respuesta = requests.get(f"{pila.url('gateway')}{ruta}", timeout=5)
    return respuesta.json() if respuesta.status_code == 200 else []


def test_una_llamada_y_una_cita_llegan_a_canales_y_a_clientes(leads):
    pila, leads = leads
    cuerpo = {"telefono": "+34 600 123 456", "codigoVolverLlamar": "buzon", "conPack": True}
    assert requests.post(f"{leads}/api/actualizar_resultado", json=cuerpo, timeout=10).status_code == 200
    confirmada = citas.reservar(leads)
    assert (confirmada.status_code, confirmada.json()["result"]) == (200, "OK")
    esperar(lambda: len(leer(pila, "/canales/mensajes/llamada")) == 2)
    llamada, con_cita = leer(pila, "/canales/mensajes/llamada")
    assert llamada["contenido"] == "Llamada: Volver a llamar · buzón"
    assert con_cita["contenido"].startswith("Cita confirmada ")
    assert con_cita["cliente_id"] == llamada["cliente_id"]
    esperar(lambda: leer(pila, "/clientes/clientes/Luc%C3%ADa%20Ferrer"))
    (servicio,) = leer(pila, "/clientes/clientes/Luc%C3%ADa%20Ferrer")["servicios"]
    assert servicio["descripcion"] == "Pack dental"
