"""Respuestas que nadie debería dar."""

import gzip
import json
import socket

import pytest

from tests.vecino import contestar
from tuotempo_leads.infraestructura.tuotempo import Motivo, clasificar

from .conftest import HUECO, OK, enviada


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
