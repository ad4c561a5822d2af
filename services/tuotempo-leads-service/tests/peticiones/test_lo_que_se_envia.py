"""Lo que el cliente envía, palabra por palabra: fallos que hubo y no deben volver."""

import json
from datetime import date, datetime

import pytest

from tests.vecino import contestar
from tuotempo_leads.infraestructura.tuotempo import fechas

from .conftest import ALTA, HUECO, OK, enviada

FUTURO = date(2099, 9, 10)


class TestLoQueSeEnvia:
    def test_los_huecos_se_piden_con_los_nombres_del_proveedor(self, api, vecino):
        api.get_available_slots("sc2", "default@m", "10/09/2099", "sc1@m", 360, "900")
        metodo, ruta, consulta, cabeceras, _ = enviada(vecino)
        assert (metodo, ruta) == ("GET", "/api/v3/tt_portal_adeslas/availabilities")
        assert consulta == {
            "lang": "es",
            "activityid": "sc2",
            "areaId": "default@m",
            "start_date": "10/09/2099",
            "bypass_availabilities_fallback": "true",
            "resourceId": "sc1@m",
            "minTime": "360",
            "maxTime": "900",
        }
        assert cabeceras["content-type"] == "application/json; charset=UTF-8"
        assert "Authorization" not in cabeceras

    def test_sin_pedir_un_rato_no_se_fuerza_la_manana(self, api, vecino):
        api.get_available_slots("sc2", "default@m", "10/09/2099")
        assert {"minTime", "maxTime", "resourceId"}.isdisjoint(enviada(vecino)[2])

    def test_la_medianoche_es_un_minuto_como_otro(self, api, vecino):
        api.get_available_slots("sc2", "default@m", "10/09/2099", min_time=0)
        assert enviada(vecino)[2]["minTime"] == "0"

    def test_la_reserva_lleva_el_hueco_entero_y_memberid(self, api, vecino):
        vecino.responder = lambda m: contestar(m, 200, json.dumps(ALTA).encode())
        api.register_non_insured_user("Ana", "Demo", "01/01/1980", "600000000")
        vecino.responder = lambda m: contestar(m, 200, OK)
        api.confirm_appointment(HUECO, "600000000")
        _, ruta, consulta, cabeceras, cuerpo = enviada(vecino)
        assert (ruta, consulta) == ("/api/v3/tt_portal_adeslas/reservations", {"lang": "es"})
        assert cuerpo == {
            **HUECO,
            "userid": "0123456789abc",
            "communication_phone": "600000000",
            "tags": "WEB_NO_ASEGURADO",
            "isExternalPayment": "false",
        }
        assert cabeceras["Authorization"] == "Bearer clave"

    def test_el_alta_es_sin_cuenta_ni_sms_y_sin_clave(self, crear, vecino):
        crear(lang="ca").register_non_insured_user(" Ana ", "Demo", "01/01/1980", " 600000000 ")
        _, ruta, consulta, cabeceras, cuerpo = enviada(vecino)
        assert (ruta, consulta) == ("/api/v3/tt_portal_adeslas/users", {"lang": "ca"})
        assert cuerpo == {
            "fname": "Ana",
            "lname": "Demo",
            "birthday": "01/01/1980",
            "phone": "600000000",
            "privacy": "1",
            "onetime_user": "1",
        }
        assert "Authorization" not in cabeceras

    def test_el_searchid_de_la_busqueda_llega_a_la_reserva(self, api, vecino):
        respuesta = {
            "result": "OK",
            "searchid": '{"a":1}',
            "return": {"results": {"availabilities": [HUECO]}},
        }
        vecino.responder = lambda m: contestar(m, 200, json.dumps(respuesta).encode())
        hueco = api.get_available_slots("sc2", "default@m", FUTURO)["return"]["results"]["availabilities"][0]
        api.confirm_appointment(hueco, "600000000", userid="x")
        assert enviada(vecino)[4]["searchid"] == '{"a":1}'

    @pytest.mark.parametrize("nacimiento", ["1980-02-01", "01-02-1980", "1/2/1980", date(1980, 2, 1)])
    def test_el_nacimiento_se_envia_siempre_dia_mes_y_ano(self, api, vecino, nacimiento):
        api.register_non_insured_user("Ana", "Demo", nacimiento, "600000000")
        assert enviada(vecino)[4]["birthday"] == "01/02/1980"

    @pytest.mark.parametrize("fecha", ["2099-09-10", "10-09-2099", FUTURO, datetime(2099, 9, 10, 8)])
    def test_una_fecha_iso_no_llega_a_tuotempo_como_iso(self, api, vecino, fecha):
        api.get_available_slots("sc2", "default@m", fecha)
        assert enviada(vecino)[2]["start_date"] == "10/09/2099"

    def test_una_fecha_pasada_se_cambia_por_hoy(self, api, vecino):
        api.get_available_slots("sc2", "default@m", "20/06/2025")
        assert enviada(vecino)[2]["start_date"] == fechas.escribir(fechas.hoy())

    def test_la_ruta_de_las_actividades_se_puede_cambiar(self, api, vecino):
        api.get_activities("default@m", path="services", param="areaId")
        assert enviada(vecino)[1:3] == (
            "/api/v3/tt_portal_adeslas/services",
            {"lang": "es", "areaId": "default@m"},
        )
