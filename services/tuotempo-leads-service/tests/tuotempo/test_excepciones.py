"""Cada excepción de la tabla del README."""

import pytest

from tests.citas import CENTRO, PRIMERA_VISITA
from tuotempo_leads.infraestructura.tuotempo import Motivo, clasificar, memberid, resultados

from .conftest import MANANA, PERSONA, alta, huecos


class TestExcepciones:
    """Las de la tabla del README, provocadas de verdad o, si no se puede, a la fuerza."""

    def test_un_centro_desconocido_no_tiene_huecos(self, api):
        respuesta = api.get_available_slots(PRIMERA_VISITA, "default@nadie", MANANA)
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.codigo) == (Motivo.SIN_HUECOS, "TUOTEMPO_RESOURCE_NOT_ALLOWED")
        assert api.handle_error(respuesta) == {
            "error": "TUOTEMPO_RESOURCE_NOT_ALLOWED",
            "message": "No se ha encontrado ninguna disponibilidad para los criterios seleccionados",
            "recommended_action": "No slots found for the specified criteria. "
            "Try again with different filters or contact an agent.",
        }

    def test_un_hueco_que_otro_ha_cogido(self, api):
        hueco = huecos(api)[0]
        alta(api, "600000001")
        api.confirm_appointment(hueco, "600000001")
        alta(api, "600000002")
        respuesta = api.confirm_appointment(hueco, "600000002")
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado, fallo.incierto) == (Motivo.HUECO_OCUPADO, 409, False)
        assert respuesta["exception"] == "PROVIDER_RESERVATION_CONFLICT_ERROR"
        assert api.handle_error(respuesta)["recommended_action"] == (
            "The slot is no longer available. Please try selecting another available slot."
        )

    def test_quien_ya_tiene_otra_cita_a_esa_hora(self, api):
        uno = huecos(api)[0]
        otro = next(
            h
            for h in huecos(api)
            if h["slotid"] != uno["slotid"]
            and (h["start_date"], h["startTime"]) == (uno["start_date"], uno["startTime"])
        )
        alta(api)
        api.confirm_appointment(uno, "600123456")
        respuesta = api.confirm_appointment(otro, "600123456")
        assert respuesta["exception"] == "MEMBER_RESERVATION_CONFLICT_ERROR"
        assert clasificar(respuesta).motivo is Motivo.HUECO_OCUPADO

    def test_quien_ya_tiene_cita_ese_dia_lee_lo_que_dice_tuotempo(self, api):
        libres = huecos(api)
        alta(api)
        api.confirm_appointment(libres[0], "600123456")
        respuesta = api.confirm_appointment(libres[9], "600123456")
        assert (clasificar(respuesta).motivo, clasificar(respuesta).estado) == (Motivo.LIMITE_DIARIO, 409)
        assert api.handle_error(respuesta) == {
            "error": "TUOTEMPO_MAX_RES_BOOKED_ONLINE",
            "message": "Ya tiene una cita reservada para este día",
            "recommended_action": "Ya tiene una cita reservada para este día",
        }

    def test_un_usuario_que_no_existe(self, api):
        respuesta = api.confirm_appointment(huecos(api)[0], "600123456", userid="nadie")
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado) == (Motivo.RESERVA_RECHAZADA, 502)
        assert api.handle_error(respuesta)["recommended_action"] == "An error occurred: El usuario no existe"

    def test_el_portal_que_se_rinde_al_buscar_se_puede_repetir(self, api, fallar):
        fallar("excepcion", codigo="PORTAL_TIMEOUT")
        respuesta = api.get_available_slots(PRIMERA_VISITA, CENTRO, MANANA)
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.estado, fallo.incierto) == (Motivo.PORTAL_LENTO, 504, False)
        assert resultados(respuesta, "availabilities") == []

    def test_el_portal_que_se_rinde_al_reservar_deja_la_duda(self, api, fallar):
        hueco = huecos(api)[0]
        alta(api)
        fallar("excepcion", "reservations", codigo="PORTAL_TIMEOUT")
        assert clasificar(api.confirm_appointment(hueco, "600123456")).incierto

    @pytest.mark.parametrize("codigo", ["", "ALGO_QUE_NO_CONOCEMOS"])
    def test_lo_que_no_se_conoce_se_cuenta_con_sus_palabras_y_sin_html(self, api, fallar, codigo):
        fallar("excepcion", codigo=codigo, msg="<b>No&nbsp;va</b><br>hoy")
        respuesta = api.get_centers()
        fallo = clasificar(respuesta)
        assert (fallo.motivo, fallo.codigo, fallo.estado) == (Motivo.OTRO, codigo, 502)
        assert api.handle_error(respuesta) == {
            "error": codigo,
            "message": "No va hoy",
            "recommended_action": "An error occurred: No va hoy",
        }

    def test_un_alta_con_un_telefono_imposible(self, api):
        respuesta = api.register_non_insured_user(**{**PERSONA, "phone": "123"})
        assert (clasificar(respuesta).motivo, memberid(respuesta)) == (Motivo.OTRO, None)

    def test_lo_que_sale_bien_no_es_un_fallo(self, api):
        assert api.handle_error(api.get_centers()) == {"error": "", "message": "", "recommended_action": ""}
