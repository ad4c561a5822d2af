import pytest


def test_un_alta_ocasional_llega_sin_sobre_y_con_sesion(portal):
    alta = portal.alta("600 123 456")
    assert {"result", "return", "exception"}.isdisjoint(alta)
    usuario = alta["user_info"]
    assert (usuario["phone"], len(usuario["memberid"])) == ("+34600123456", 13)
    assert alta["access_token"] == usuario["sessionid"] != usuario["memberid"]
    assert len(alta["access_token"]) == 32


def test_con_la_marca_en_mayuscula_se_crea_una_cuenta_y_se_envia_un_sms(portal):
    alta = portal.alta(onetime_user="", Onetime_user="1")
    assert (alta["result"], alta["sms"]) == ("OK", True)
    assert alta["return"]["memberid"]
    assert "sessionid" not in alta["return"]


@pytest.mark.parametrize(
    ("cambio", "campo"), [({"birthday": "1980-01-01"}, "birthday"), ({"phone": "1"}, "phone")]
)
def test_un_alta_con_un_dato_malo_es_una_excepcion_sin_codigo(portal, cambio, campo):
    alta = portal.alta(**cambio)
    assert (alta["result"], alta["exception"]) == ("EXCEPTION", "")
    assert campo in alta["msg"]


def test_confirmar_devuelve_el_identificador_y_repite_los_datos(portal, hueco):
    usuario = portal.usuario()
    cita = portal.reservar(hueco, usuario)
    assert (cita["result"], cita["msg"]) == ("OK", "Su cita ha sido confirmada correctamente")
    resid = cita["return"]
    assert resid == cita["resid"]
    assert resid.endswith("@" + hueco["member_name"])
    dentro = cita["additional_return"]["reservations"][resid]
    assert dentro.items() <= cita.items()
    assert (dentro["startTime"], dentro["status_string"]) == (hueco["startTime"], "RES_APPROVED")
    assert (dentro["activityid"], dentro["member_activityid"]) == (
        hueco["portal_activityid"],
        hueco["activityid"],
    )
    assert (dentro["province"], dentro["memberid"]) == ("Madrid", usuario)


def test_un_hueco_reservado_deja_de_ofrecerse_y_vuelve_al_anular(portal, clinica, hueco):
    cita = portal.reservar(hueco, portal.usuario())
    assert hueco["slotid"] not in [h["slotid"] for h in portal.huecos(clinica)]
    clave = {"Authorization": "Bearer x"}
    anulada = portal.pedir("delete", f"reservations/{cita['resid']}", headers=clave).json
    assert (anulada["result"], anulada["return"]) == ("OK", cita["resid"])
    assert portal.huecos(clinica)[0] == hueco
    otra = portal.pedir("delete", f"reservations/{cita['resid']}", headers=clave).json
    assert otra["exception"] == "TUOTEMPO_RESERVATION_EXCEPTION"


def test_un_hueco_ya_cogido_es_un_conflicto(portal, hueco):
    portal.reservar(hueco, portal.usuario("600000001"))
    assert (
        portal.reservar(hueco, portal.usuario("600000002"))["exception"]
        == "PROVIDER_RESERVATION_CONFLICT_ERROR"
    )


def test_la_misma_persona_a_la_misma_hora_es_otro_conflicto(portal, clinica, hueco):
    usuario = portal.usuario()
    portal.reservar(hueco, usuario)
    cuando = (hueco["start_date"], hueco["startTime"])
    a_la_misma_hora = next(h for h in portal.huecos(clinica) if (h["start_date"], h["startTime"]) == cuando)
    assert portal.reservar(a_la_misma_hora, usuario)["exception"] == "MEMBER_RESERVATION_CONFLICT_ERROR"


def test_el_mismo_telefono_el_mismo_dia_llega_al_maximo(portal, clinica, hueco):
    portal.reservar(hueco, portal.usuario("600000001"))
    otro = portal.huecos(clinica)[5]
    salida = portal.reservar(otro, portal.usuario("+34 600 000 001"))
    assert (salida["exception"], salida["msg"]) == (
        "TUOTEMPO_MAX_RES_BOOKED_ONLINE",
        "Ya tiene una cita reservada para este día",
    )


@pytest.mark.parametrize(
    "cambio",
    [
        {"userid": "nadie"},
        {"resourceid": "sc00@nadie"},
        {"activityid": "sc00000000000000"},
        {"startTime": "09:05"},
        {"endTime": "09:30"},
        {"start_date": "12/09/2026"},
        {"start_date": "09/12/2030"},
        {"start_date": "2026-09-07"},
        {"startTime": None},
        {"provider_session_id": "ResourceLid::otro"},
    ],
    ids=lambda cambio: str(*cambio.items()),
)
def test_lo_que_no_es_un_hueco_ofrecido_a_un_usuario_dado_de_alta_no_se_reserva(portal, hueco, cambio):
    salida = portal.reservar(hueco, portal.usuario(), **cambio)
    assert (salida["result"], salida["exception"]) == ("EXCEPTION", "TUOTEMPO_RESERVATION_EXCEPTION")


def test_la_sesion_no_sirve_de_usuario(portal, hueco):
    salida = portal.reservar(hueco, portal.alta()["access_token"])
    assert salida["exception"] == "TUOTEMPO_RESERVATION_EXCEPTION"


@pytest.mark.parametrize("cabeceras", [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic eA=="}])
def test_sin_clave_no_se_reserva(portal, hueco, cabeceras):
    salida = portal.reservar(hueco, portal.usuario(), cabeceras)
    assert salida["exception"] == "TUOTEMPO_RESERVATION_EXCEPTION"


def test_las_claves_valen_con_mayuscula_o_sin_ella(portal, hueco):
    minimo = ("resourceid", "start_date", "startTime", "endTime", "activityid")
    cuerpo = {clave: hueco[clave] for clave in minimo}
    assert portal.reservar(cuerpo, portal.usuario(), Communication_phone="600111222")["result"] == "OK"


def test_de_veinte_confirmaciones_a_la_vez_de_un_hueco_gana_una(app, portal, hueco, a_la_vez):
    usuarios = [portal.usuario(f"6000000{n:02}") for n in range(20)]
    otro = type(portal)
    salidas = a_la_vez(lambda n: otro(app.test_client()).reservar(hueco, usuarios[n])["exception"], 20)
    assert sorted(salidas) == [""] + ["PROVIDER_RESERVATION_CONFLICT_ERROR"] * 19


def test_al_reiniciar_se_olvida_todo_y_los_identificadores_se_repiten(web, portal, clinica, hueco):
    antes = portal.usuario()
    portal.reservar(hueco, antes)
    assert web.post("/_control/reset").json == {"status": "ok"}
    assert portal.huecos(clinica)[0] == hueco
    assert portal.reservar(hueco, antes)["exception"] == "TUOTEMPO_RESERVATION_EXCEPTION"
    assert portal.usuario() == antes
