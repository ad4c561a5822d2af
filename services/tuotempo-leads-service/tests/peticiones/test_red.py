"""La red: quien no escucha, corta, gotea o calla."""

import socket
import time

import pytest

from tests.vecino import contestar
from tuotempo_leads.infraestructura.tuotempo import Motivo, Transporte, clasificar

from .conftest import HUECO, OK


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
