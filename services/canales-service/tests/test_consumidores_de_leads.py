from functools import partial

import pytest

from tests.bandeja import entregar


@pytest.fixture
def llega(app):
    return partial(entregar, app, "leads")


LLAMADA = {
    "lead_ref": "7",
    "llamada_id": 31,
    "telefono": "600123456",
    "nombre": "Ana Demo",
    "status_level_1": "Volver a llamar",
    "status_level_2": "buzón",
    "con_pack": False,
    "momento": "2026-03-02T09:30:00+00:00",
}
CITA = {
    "cita_id": "c1",
    "lead_ref": None,
    "telefono": "600123456",
    "nombre": "Ana Demo",
    "centro": "Clínica Demo Centro",
    "inicio": "2026-09-10T12:30:00+02:00",
    "con_pack": True,
}


def test_una_llamada_y_una_cita_del_mismo_telefono_son_entradas_del_mismo_cliente(llega, web):
    llega("ResultadoLlamadaActualizado", LLAMADA)
    llega("CitaConfirmada", CITA, "e2")
    (cliente,) = web.get("/clientes").json
    assert (cliente["nombre"], cliente["tipo_servicio"]) == ("Ana Demo", "call center")
    assert [(canal["tipo"], canal["contenido"]) for canal in web.get(f"/canales/{cliente['id']}").json] == [
        ("llamada", "Llamada: Volver a llamar · buzón"),
        ("llamada", "Cita confirmada 10/09/2026 12:30 en Clínica Demo Centro"),
    ]


def test_un_evento_repetido_no_apunta_dos_llamadas(llega, web):
    for _ in range(2):
        llega("ResultadoLlamadaActualizado", LLAMADA)
    assert len(web.get("/mensajes/llamada").json) == 1


def test_un_contacto_sin_nombre_ni_estado_tambien_se_apunta(llega, web):
    llega(
        "ResultadoLlamadaActualizado",
        {**LLAMADA, "nombre": "", "status_level_1": None, "status_level_2": None},
    )
    (cliente,) = web.get("/clientes").json
    assert cliente["nombre"] == "Contacto sin nombre"
    assert web.get("/mensajes/llamada").json[0]["contenido"] == "Llamada: sin estado"
