"""Confirmar una cita: la que sale bien y las que TuoTempo niega."""

import pytest

from tuotempo_leads.infraestructura.tablas import citas

from .conftest import ANA, confirmar


def test_a6_registrar_y_confirmar_en_dos_peticiones(web, huecos, fila):
    alta = web.post("/register", json=ANA)
    assert (alta.status_code, alta.json["user_info"]["phone"]) == (200, "+34600123456")
    salida = confirmar(web, huecos[0], userid=alta.json["user_info"]["memberid"])
    assert (salida.status_code, salida.json["result"]) == (200, "OK")
    cita = fila(citas)
    assert (cita.id, cita.estado) == (salida.headers["X-Cita-Id"], "confirmada")
    assert (cita.resid, cita.memberid) == (salida.json["return"], alta.json["user_info"]["memberid"])


def test_a6_confirmar_con_los_cuatro_datos_registra_antes(web, huecos):
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["return"]) == (200, salida.json["resid"])


def test_sin_llave_del_entorno_no_se_empieza_nada(web, huecos, filas):
    cuerpo = {"availability": huecos[0], "communication_phone": "600123456", "userid": "u"}
    salida = web.post("/confirm?environment=PRO", json=cuerpo)
    assert (salida.status_code, salida.json["error"]) == (400, "No hay llave de TuoTempo para el entorno PRO")
    assert filas(citas) == []


def test_quien_ya_tiene_cita_ese_dia_recibe_un_409_con_el_texto_de_tuotempo(web, huecos, filas):
    confirmar(web, huecos[0])
    salida = confirmar(web, huecos[5])
    assert (salida.status_code, salida.json["exception"]) == (409, "TUOTEMPO_MAX_RES_BOOKED_ONLINE")
    assert salida.json["error"] == salida.json["msg"] == "Ya tiene una cita reservada para este día"
    assert [cita.estado for cita in filas(citas)] == ["confirmada", "rechazada"]


@pytest.mark.parametrize(
    ("codigo", "estado"),
    [
        ("PROVIDER_RESERVATION_CONFLICT_ERROR", 409),
        ("MEMBER_RESERVATION_CONFLICT_ERROR", 409),
        ("TUOTEMPO_MAX_RES_BOOKED_ONLINE", 409),
        ("TUOTEMPO_RESOURCE_NOT_ALLOWED", 404),
        ("TUOTEMPO_RESERVATION_EXCEPTION", 502),
        ("OTRA_COSA", 502),
    ],
)
def test_cada_negativa_de_tuotempo_tiene_su_estado_y_libera_el_hueco(
    web, huecos, simulador, filas, codigo, estado
):
    simulador.fallar("excepcion", "reservations", codigo=codigo, msg="<b>No</b> puede ser", veces=1)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["error"], salida.json["exception"]) == (
        estado,
        "No puede ser",
        codigo,
    )
    assert [cita.estado for cita in filas(citas)] == ["rechazada"]
    assert confirmar(web, huecos[0]).status_code == 200


def test_si_el_registro_falla_no_se_pide_la_cita(web, huecos, simulador, filas):
    simulador.fallar("excepcion", "users", codigo="", msg="No", veces=1)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["error"]) == (400, "Failed to register user")
    assert salida.json["details"]["msg"] == "No"
    simulador.fallar("html", "users", veces=1)
    assert confirmar(web, huecos[0]).status_code == 502
    assert {cita.estado for cita in filas(citas)} == {"rechazada"}
    assert confirmar(web, huecos[0]).status_code == 200
