"""Lo que el cliente envía, palabra por palabra, y lo que nunca hace: fallos que hubo y no deben volver."""

import gzip
import json
import socket
import time
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import contestar
from tuotempo_leads.infraestructura.tuotempo import (
    SIMULADOR,
    Conexion,
    Motivo,
    Transporte,
    TuoTempoAPI,
    clasificar,
    fechas,
)
from tuotempo_leads.infraestructura.tuotempo.conexion import plazo

HUECO = {
    "resourceid": "sc1@m",
    "areaid": "default@m",
    "start_date": "10/09/2026",
    "startTime": "09:00",
    "endTime": "09:20",
    "activityid": "sc2",
    "portal_activityid": "sc159232371eb9c1",
    "duration": "30",
    "provider_session_id": "ResourceLid::1",
    "city": None,
    "notices": {"center": []},
}
ALTA = {"access_token": "f" * 32, "user_info": {"memberid": "0123456789abc", "sessionid": "f" * 32}}
OK = b'{"result": "OK", "return": {"results": []}, "msg": "", "exception": ""}'
FUTURO = date(2099, 9, 10)


@pytest.fixture
def transporte():
    transporte = Transporte(5)
    yield transporte
    transporte.cerrar()


@pytest.fixture
def crear(vecino, transporte):
    vecino.responder = lambda m: contestar(m, 200, OK)

    def crear(**opciones):
        return TuoTempoAPI(
            **{"api_key": "clave", "base_url": vecino.url, "transporte": transporte, **opciones}
        )

    return crear


@pytest.fixture
def api(crear):
    return crear()


def enviada(vecino, cual=-1):
    """Método, ruta, consulta, cabeceras y cuerpo de una petición recibida."""
    metodo, direccion, cabeceras, cuerpo = vecino.recibidas[cual]
    partes = urlsplit(direccion)
    consulta = {clave: valores[0] for clave, valores in parse_qs(partes.query).items()}
    return metodo, partes.path, consulta, cabeceras, json.loads(cuerpo) if cuerpo else None


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


class TestDatosQueNoValen:
    @pytest.mark.parametrize(
        ("cambio", "campo"),
        [
            ({"fname": " "}, "fname"),
            ({"lname": None}, "lname"),
            ({"phone": ""}, "phone"),
            ({"birthday": "31/02/1980"}, "birthday"),
            ({"birthday": "02/13/1980"}, "birthday"),
            ({"birthday": ""}, "birthday"),
        ],
    )
    def test_un_alta_mala_dice_el_campo_y_no_llama_a_nadie(self, api, vecino, cambio, campo):
        datos = {"fname": "Ana", "lname": "Demo", "birthday": "01/01/1980", "phone": "600000000", **cambio}
        with pytest.raises(ValueError, match=campo):
            api.register_non_insured_user(**datos)
        assert vecino.recibidas == []

    @pytest.mark.parametrize("fecha", ["mañana", "31/09/2026", "2026-13-01", "10/9"])
    def test_una_fecha_imposible_se_dice(self, api, vecino, fecha):
        with pytest.raises(ValueError, match="start_date"):
            api.get_available_slots("sc2", "default@m", fecha)
        assert vecino.recibidas == []

    def test_confirmar_sin_alta_lo_dice_con_el_texto_de_siempre(self, api):
        with pytest.raises(ValueError, match=r"No session ID available\. Please register a user first\."):
            api.confirm_appointment(HUECO, "600000000")

    def test_un_alta_que_falla_no_deja_reservar_con_la_anterior(self, api, vecino):
        vecino.responder = lambda m: contestar(m, 200, json.dumps(ALTA).encode())
        api.register_non_insured_user("Ana", "Demo", "01/01/1980", "600000000")
        vecino.responder = lambda m: contestar(
            m, 200, b'{"result": "EXCEPTION", "exception": "", "msg": "no"}'
        )
        api.register_non_insured_user("Eva", "Demo", "01/01/1980", "600000001")
        with pytest.raises(ValueError, match="register a user"):
            api.confirm_appointment(HUECO, "600000001")

    def test_un_hueco_incompleto_dice_lo_que_le_falta(self, api):
        with pytest.raises(ValueError, match="endTime"):
            api.confirm_appointment({**HUECO, "endTime": ""}, "600000000", userid="x")


class TestRespuestasRaras:
    def test_el_texto_del_error_no_se_pierde(self, api, vecino):
        cuerpo = {"result": "EXCEPTION", "return": "", "msg": "Reserva no disponible", "exception": "X"}
        vecino.responder = lambda m: contestar(m, 200, json.dumps(cuerpo).encode())
        assert api.handle_error(api.get_centers("Madrid"))["message"] == "Reserva no disponible"

    @pytest.mark.parametrize("estado", [200, 400, 500])
    def test_una_excepcion_lo_es_con_cualquier_estado_http(self, api, vecino, estado):
        cuerpo = b'{"result": "EXCEPTION", "return": [], "msg": "m", "exception": "PORTAL_TIMEOUT"}'
        vecino.responder = lambda m: contestar(m, estado, cuerpo)
        assert clasificar(api.get_centers()).motivo is Motivo.PORTAL_LENTO

    def test_un_alta_con_cuenta_tambien_dice_quien_es(self, api, vecino):
        cuerpo = b'{"result": "OK", "return": {"memberid": "0123456789abc"}}'
        vecino.responder = lambda m: contestar(m, 200, cuerpo)
        api.register_non_insured_user("Ana", "Demo", "01/01/1980", "600000000")
        api.confirm_appointment(HUECO, "600000000")
        assert enviada(vecino)[4]["userid"] == "0123456789abc"

    @pytest.mark.parametrize("cuerpo", [b"[]", b"null", b'"OK"', b"", b"\xff", b'{"result": "OK"'])
    def test_lo_que_no_es_un_objeto_es_ilegible(self, api, vecino, cuerpo):
        vecino.responder = lambda m: contestar(m, 200, cuerpo)
        assert clasificar(api.get_centers()).motivo is Motivo.ILEGIBLE

    def test_un_rechazo_sin_sobre_no_deja_dudas_pero_un_5xx_si(self, api, vecino):
        vecino.responder = lambda m: contestar(m, 401, b'{"error": "no"}')
        assert not clasificar(api.confirm_appointment(HUECO, "6", userid="x")).incierto
        vecino.responder = lambda m: contestar(m, 503, b'{"error": "no"}')
        assert clasificar(api.confirm_appointment(HUECO, "6", userid="x")).incierto

    def test_no_se_sigue_a_quien_nos_manda_a_otro_sitio(self, api, vecino):
        vecino.responder = lambda m: contestar(m, 302, b"", Location="http://127.0.0.1:9/")
        assert clasificar(api.get_centers()).motivo is Motivo.ILEGIBLE

    def test_un_cuerpo_comprimido_y_por_trozos_se_lee_igual(self, api, vecino):
        comprimido = gzip.compress(OK)

        def por_trozos(m):
            m.send_response(200)
            m.send_header("Content-Encoding", "gzip")
            m.send_header("Transfer-Encoding", "chunked")
            m.end_headers()
            for trozo in (comprimido[:10], comprimido[10:], b""):
                m.wfile.write(b"%x\r\n%s\r\n" % (len(trozo), trozo))

        vecino.responder = por_trozos
        assert [api.get_centers()["result"] for _ in range(2)] == ["OK", "OK"]

    def test_un_cuerpo_mas_corto_de_lo_prometido_es_ilegible(self, api, vecino):
        def prometer_de_mas(m):
            m.send_response(200)
            m.send_header("Content-Length", str(len(OK) + 5))
            m.end_headers()
            m.wfile.write(OK)
            m.wfile.flush()
            m.connection.shutdown(socket.SHUT_RDWR)

        vecino.responder = prometer_de_mas
        fallo = clasificar(api.confirm_appointment(HUECO, "6", userid="x"))
        assert (fallo.motivo, fallo.incierto) == (Motivo.ILEGIBLE, True)

    def test_un_cuerpo_desmedido_se_deja_de_leer(self, api, vecino, monkeypatch):
        monkeypatch.setattr("tuotempo_leads.infraestructura.tuotempo.transporte.MAXIMO", 10)
        assert clasificar(api.get_centers()).motivo is Motivo.ILEGIBLE


class TestLaRed:
    def test_quien_no_escucha_es_una_conexion_imposible_y_sin_dudas(self, crear):
        with socket.socket() as reserva:
            reserva.bind(("127.0.0.1", 0))
            api = crear(base_url=f"http://127.0.0.1:{reserva.getsockname()[1]}")
            fallo = clasificar(api.confirm_appointment(HUECO, "6", userid="x"))
        assert (fallo.motivo, fallo.estado, fallo.incierto) == (Motivo.SIN_CONEXION, 502, False)

    def test_quien_corta_a_mitad_de_una_reserva_deja_la_duda(self, api, vecino):
        vecino.responder = lambda m: m.connection.shutdown(socket.SHUT_RDWR)
        fallo = clasificar(api.confirm_appointment(HUECO, "6", userid="x"))
        assert (fallo.motivo, fallo.incierto) == (Motivo.SIN_CONEXION, True)

    def test_quien_contesta_a_gotas_agota_el_plazo(self, crear, vecino):
        def gotear(m):
            m.send_response(200)
            m.end_headers()
            for _ in range(100):
                m.wfile.write(b" ")
                m.wfile.flush()
                time.sleep(0.02)

        lento = Transporte(0.2)
        api = crear(transporte=lento)
        vecino.responder = gotear
        assert clasificar(api.get_centers()).motivo is Motivo.SIN_RESPUESTA
        lento.cerrar()

    def test_quien_se_calla_a_mitad_de_la_respuesta_agota_el_plazo(self, crear, vecino):
        def callarse(m):
            m.send_response(200)
            m.send_header("Content-Length", "100")
            m.end_headers()
            m.wfile.write(b'{"result"')
            m.wfile.flush()
            time.sleep(1)

        lento = Transporte(0.2)
        api = crear(transporte=lento)
        vecino.responder = callarse
        assert clasificar(api.confirm_appointment(HUECO, "6", userid="x")).motivo is Motivo.SIN_RESPUESTA
        lento.cerrar()

    @pytest.mark.parametrize("estado", [200, 502])
    def test_una_escritura_nunca_se_repite(self, api, vecino, estado):
        vecino.responder = lambda m: contestar(m, estado, b"<html>")
        api.register_non_insured_user("Ana", "Demo", "01/01/1980", "600000000")
        api.confirm_appointment(HUECO, "600000000", userid="x")
        assert [peticion[0] for peticion in vecino.recibidas] == ["POST", "POST"]

    def test_una_lectura_se_repite_una_vez_y_no_mas(self, api, vecino):
        vecino.responder = lambda m: contestar(m, 502, b"<html>")
        api.get_centers()
        assert len(vecino.recibidas) == 2

    def test_la_conexion_se_reutiliza(self, api, vecino):
        puertos = set()

        def anotar(m):
            puertos.add(m.client_address)
            contestar(m, 200, OK)

        vecino.responder = anotar
        for _ in range(5):
            api.get_centers()
        assert len(puertos) == 1


class TestConQuienSeHabla:
    def test_sin_decir_nada_es_el_simulador(self):
        conexion = Conexion.de("PRE", entorno={})
        assert (conexion.raiz, conexion.clave) == (f"{SIMULADOR}/api/v3/tt_portal_adeslas", "simulador")

    def test_en_produccion_hay_que_decirlo(self):
        with pytest.raises(ValueError, match="TUOTEMPO_BASE_URL"):
            Conexion.de("PRO", entorno={"ENVIRONMENT": "production"})

    @pytest.mark.parametrize(
        "base", ["https://ejemplo.test", "https://ejemplo.test/", "https://ejemplo.test/api/v3/"]
    )
    def test_la_direccion_vale_con_la_version_y_sin_ella(self, base):
        conexion = Conexion.de("PRE", entorno={"TUOTEMPO_BASE_URL": base, "TUOTEMPO_INSTANCE_ID": "otra"})
        assert conexion.raiz == "https://ejemplo.test/api/v3/otra"

    def test_el_entorno_elige_la_clave_y_la_clave_no_dice_el_entorno(self):
        entorno = {"TUOTEMPO_API_KEY_PRE": "clave-PRO-rara", "TUOTEMPO_API_KEY_PRO": "otra"}
        assert Conexion.de("PRE", entorno=entorno).clave == "clave-PRO-rara"
        assert Conexion.de("PRO", entorno=entorno).clave == "otra"

    def test_lo_que_se_pasa_al_crearlo_gana_a_las_variables(self):
        entorno = {"TUOTEMPO_API_KEY_PRE": "a", "TUOTEMPO_INSTANCE_ID": "b", "TUOTEMPO_BASE_URL": "http://c"}
        conexion = Conexion.de("PRE", instance_id="i", api_key="k", base_url="http://u", entorno=entorno)
        assert (conexion.raiz, conexion.clave) == ("http://u/api/v3/i", "k")

    def test_la_clave_no_sale_al_imprimirla(self):
        assert "secretisima" not in repr(Conexion.de("PRE", api_key="secretisima", entorno={}))

    def test_sin_clave_se_puede_mirar_pero_no_reservar(self, crear, monkeypatch):
        monkeypatch.setenv("ENVIRONMENT", "production")
        monkeypatch.delenv("TUOTEMPO_API_KEY_PRO", raising=False)
        api = crear(api_key=None, environment="PRO")
        assert api.get_centers()["result"] == "OK"
        with pytest.raises(ValueError, match="TUOTEMPO_API_KEY_PRO"):
            api.confirm_appointment(HUECO, "600000000", userid="x")

    @pytest.mark.parametrize(
        ("base", "clave"),
        [
            ("http://simulado:5010", "simulador"),
            ("https://app.tuotempo.com", ""),
            ("https://PRE.TUOTEMPO.com", ""),
        ],
    )
    def test_solo_a_un_simulador_se_le_da_una_clave_inventada(self, base, clave):
        assert Conexion.de("PRE", entorno={"TUOTEMPO_BASE_URL": base}).clave == clave

    @pytest.mark.parametrize(
        ("opcion", "valor"), [("lang", "fr"), ("environment", "PROD"), ("base_url", "app.tuotempo.com")]
    )
    def test_lo_que_no_vale_se_dice_al_crearlo(self, crear, opcion, valor):
        with pytest.raises(ValueError, match=valor):
            crear(**{opcion: valor})

    @pytest.mark.parametrize("texto", ["0", "-1", "pronto", "inf", "nan"])
    def test_un_plazo_que_no_vale_se_dice(self, texto):
        with pytest.raises(ValueError, match="TUOTEMPO_TIMEOUT"):
            plazo({"TUOTEMPO_TIMEOUT": texto})

    def test_el_plazo_es_mayor_que_lo_que_tarda_el_portal_en_rendirse(self):
        assert (plazo({}), plazo({"TUOTEMPO_TIMEOUT": "40"})) == (30.0, 40.0)
