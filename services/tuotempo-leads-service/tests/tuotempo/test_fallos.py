"""Cada fallo que se puede encender en el simulador."""

import pytest

from tests.citas import CENTRO, PRIMERA_VISITA
from tuotempo_leads.infraestructura.tuotempo import Motivo, clasificar

from .conftest import MANANA, PERSONA, alta, huecos

LLAMADAS = {
    "areas": lambda api: api.get_centers(),
    "activities": lambda api: api.get_activities(CENTRO),
    "availabilities": lambda api: api.get_available_slots(PRIMERA_VISITA, CENTRO, MANANA),
    "users": lambda api: api.register_non_insured_user(**PERSONA),
    "reservations": lambda api: api.confirm_appointment(UN_HUECO, "600123456", userid="0123456789abc"),
}
UN_HUECO = {
    "resourceid": "sc1@m",
    "start_date": "10/09/2026",
    "startTime": "09:00",
    "endTime": "09:20",
    "activityid": "sc2",
}


@pytest.mark.parametrize("ruta", LLAMADAS)
class TestFallosDelServidor:
    @pytest.mark.parametrize("fallo", ["html", "502", "truncado"])
    def test_lo_ilegible_es_un_error_y_si_cambia_algo_deja_la_duda(self, crear, fallar, ruta, fallo):
        fallar(fallo, ruta)
        respuesta = LLAMADAS[ruta](crear())
        assert (respuesta["result"], respuesta["return"]) == ("ERROR", [])
        assert respuesta["msg"] == "Respuesta inválida de la API"
        clasificado = clasificar(respuesta)
        assert (clasificado.motivo, clasificado.estado) == (Motivo.ILEGIBLE, 502)
        assert clasificado.incierto == (ruta in ("users", "reservations"))

    def test_quien_no_contesta_a_tiempo_no_nos_detiene(self, crear, fallar, ruta):
        fallar("timeout", ruta, segundos=60)
        clasificado = clasificar(LLAMADAS[ruta](crear(plazo=0.3)))
        assert (clasificado.motivo, clasificado.estado) == (Motivo.SIN_RESPUESTA, 504)
        assert clasificado.incierto == (ruta in ("users", "reservations"))

    def test_quien_va_lento_pero_llega_vale(self, crear, fallar, ruta):
        fallar("lento", ruta, segundos=0.2)
        assert LLAMADAS[ruta](crear()).get("result") != "ERROR"


def test_una_reserva_que_no_contesta_puede_existir(crear, fallar):
    api = crear(plazo=1.0)
    hueco = huecos(api)[0]
    alta(api)
    fallar("timeout", "reservations", segundos=60, veces=1)
    assert clasificar(api.confirm_appointment(hueco, "600123456")).incierto
    assert hueco["slotid"] not in {h["slotid"] for h in huecos(api)}


@pytest.mark.parametrize("fallo", ["html", "502", "truncado"])
def test_una_lectura_que_falla_una_vez_se_repite(api, fallar, fallo):
    fallar(fallo, veces=1)
    assert api.get_centers()["result"] == "OK"
