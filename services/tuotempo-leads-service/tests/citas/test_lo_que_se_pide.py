"""Lo que se puede preguntar antes de pedir una cita, y lo que no vale."""

import pytest

from tests.citas import CENTRO

from .conftest import ANA


def test_salud_es_exactamente_la_del_readme(web):
    assert web.get("/health").json == {"status": "ok", "message": "Service is running"}


def test_los_centros_llegan_como_los_da_tuotempo_y_filtrados(web):
    salida = web.get("/centers?province=Orense").json
    assert (salida["result"], {c["province"] for c in salida["return"]["results"]}) == ("OK", {"Orense"})


def test_los_huecos_son_de_hoy_y_de_la_primera_visita_si_no_se_dice_otra_cosa(huecos):
    assert {hueco["portal_activityid"] for hueco in huecos} == {"sc159232371eb9c1"}


@pytest.mark.parametrize(
    ("consulta", "texto"),
    [
        ("", "area_id is required"),
        ("area_id=+", "area_id is required"),
        ("area_id=x&start_date=2026-09-10", "El campo 'start_date' debe ser una fecha DD/MM/YYYY"),
        ("area_id=x&lang=fr", "El campo 'lang' debe ser 'es', 'en' o 'ca'"),
        ("area_id=x&environment=DEV", "El campo 'environment' debe ser 'PRE' o 'PRO'"),
    ],
)
def test_los_huecos_mal_pedidos_son_un_400(web, consulta, texto):
    salida = web.get(f"/slots?{consulta}")
    assert (salida.status_code, salida.json) == (400, {"success": False, "error": texto, "message": texto})


def test_no_haber_huecos_es_un_200_con_la_lista_vacia_y_el_motivo(web):
    salida = web.get(f"/slots?area_id={CENTRO}&activity_id=ninguna")
    assert (salida.status_code, salida.json["exception"]) == (200, "TUOTEMPO_RESOURCE_NOT_ALLOWED")
    assert salida.json["return"]["results"]["availabilities"] == []


def test_i_no_se_fuerza_ni_la_manana_ni_la_tarde(huecos):
    horas = {hueco["startTime"][:2] for hueco in huecos}
    assert {"09", "18"} <= horas


@pytest.mark.parametrize("falta", list(ANA))
def test_para_registrar_hacen_falta_los_cuatro_datos(web, falta):
    salida = web.post("/register", json={**ANA, falta: ""})
    texto = "Missing required fields"
    assert (salida.status_code, salida.json) == (400, {"success": False, "error": texto, "message": texto})


@pytest.mark.parametrize("nacimiento", ["01/01/1980", "1980-01-01", "01-01-1980"])
def test_d_a_tuotempo_el_nacimiento_le_llega_siempre_dia_mes_ano(web, nacimiento):
    salida = web.post("/register", json={**ANA, "birthday": nacimiento})
    assert salida.json["user_info"]["birthday"] == "01/01/1980"


@pytest.mark.parametrize("nacimiento", ["31/02/1980", "ayer", "13/13/1980"])
def test_d_un_nacimiento_imposible_es_un_400_y_no_se_inventa_otro(web, nacimiento):
    salida = web.post("/register", json={**ANA, "birthday": nacimiento})
    assert (salida.status_code, "birthday" in salida.json["error"]) == (400, True)


@pytest.mark.parametrize(
    ("cuerpo", "texto"),
    [
        ({}, "Missing required fields"),
        ({"availability": {}}, "Missing required fields"),
        ({"communication_phone": "600123456"}, "Missing required fields"),
        (
            {"availability": {}, "communication_phone": "600123456"},
            "Missing user identity: send userid, or fname, lname, birthday and phone",
        ),
        (
            {"availability": {"areaid": "a"}, "communication_phone": "600123456", "userid": "u"},
            "A availability le falta resourceid, activityid, start_date, startTime, endTime",
        ),
        (
            {"availability": [], "communication_phone": "600123456", "userid": "u"},
            "El campo 'availability' debe ser un objeto",
        ),
        (
            {"availability": {}, "communication_phone": "123", "userid": "u"},
            "El campo 'communication_phone' debe tener al menos nueve cifras",
        ),
    ],
)
def test_una_confirmacion_incompleta_es_un_400_que_dice_que_falta(web, cuerpo, texto):
    salida = web.post("/confirm", json=cuerpo)
    assert (salida.status_code, salida.json["error"]) == (400, texto)
