"""Con datos que no valen no se llama a nadie."""

import json

import pytest

from tests.vecino import contestar

from .conftest import ALTA, HUECO


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
