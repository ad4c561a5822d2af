"""Huecos libres: qué se pide, qué se devuelve y qué se dice cuando TuoTempo falla."""

from datetime import datetime

import pytest

from .conftest import pedir_slots


def test_a2_los_slots_son_una_lista_de_huecos_enteros_por_hora(web):
    salida = pedir_slots(web)
    slots = salida.json["slots"]
    assert isinstance(slots, list)
    assert salida.json["message"] == f"Se encontraron {len(slots)} slots disponibles"
    assert {"resourceid", "startTime", "provider_session_id", "searchid"} <= slots[0].keys()
    orden = [datetime.strptime(f"{s['start_date']} {s['startTime']}", "%d/%m/%Y %H:%M") for s in slots]
    assert orden == sorted(orden)


def test_los_slots_de_un_profesional(web):
    suyo = pedir_slots(web).json["slots"][0]["resourceid"]
    assert {slot["resourceid"] for slot in pedir_slots(web, recurso_id=suyo).json["slots"]} == {suyo}


def test_una_fecha_pasada_es_hoy(web):
    assert pedir_slots(web, fecha_inicio="01/01/2020").json["slots"] == pedir_slots(web).json["slots"]


@pytest.mark.parametrize("falta", ["centro_id", "actividad_id", "fecha_inicio"])
def test_a_los_slots_no_les_puede_faltar_nada(web, falta):
    salida = pedir_slots(web, **{falta: ""})
    assert salida.status_code == 400
    assert salida.json["message"] == "Los parámetros centro_id, actividad_id y fecha_inicio son obligatorios"


@pytest.mark.parametrize("fecha", ["2026-09-10", "31/02/2026", "ayer", "10/09", "09/25/2026"])
def test_d_una_fecha_que_tuotempo_entenderia_mal_es_un_400(web, fecha):
    salida = pedir_slots(web, fecha_inicio=fecha)
    assert (salida.status_code, "fecha_inicio" in salida.json["error"]) == (400, True)


def test_que_no_haya_slots_no_es_un_error_y_se_dice_por_que(web, simulador):
    salida = pedir_slots(web, actividad_id="sc-ninguna")
    assert (salida.status_code, salida.json["slots"]) == (200, [])
    assert salida.json["message"] == "No se encontraron slots disponibles"
    assert salida.json["motivo"].startswith("No se ha encontrado ninguna disponibilidad")


@pytest.mark.parametrize(
    ("fallo", "estado", "texto"),
    [
        (
            {"fallo": "excepcion", "codigo": "PORTAL_TIMEOUT"},
            504,
            "No se ha encontrado ninguna disponibilidad",
        ),
        ({"fallo": "excepcion", "codigo": "OTRA", "msg": "<b>Algo</b> falla"}, 502, "Algo falla"),
        ({"fallo": "502"}, 502, "Respuesta inválida"),
        ({"fallo": "html"}, 502, "Respuesta inválida"),
        ({"fallo": "truncado"}, 502, "Respuesta inválida"),
        ({"fallo": "lento", "segundos": 20}, 504, "no ha contestado a tiempo"),
    ],
    ids=lambda v: v["fallo"] if isinstance(v, dict) else "",
)
def test_a4_lo_que_dice_tuotempo_llega_con_su_texto_y_su_estado(web, simulador, fallo, estado, texto):
    simulador.fallar(**fallo)
    salida = pedir_slots(web)
    assert (salida.status_code, salida.json["success"]) == (estado, False)
    assert salida.json["message"].startswith("Error al obtener slots: ")
    assert texto in salida.json["message"]
    assert web.get("/api/centros").json["message"].startswith("Error al obtener centros: ")
    salida = web.get("/api/actividades?centro_id=x").json
    assert salida["message"].startswith("Error al obtener actividades: ")


def test_k_una_llamada_lenta_no_retiene_ninguna_conexion_de_la_base(otra_app, simulador, a_la_vez):
    app = otra_app(tuotempo_url=simulador.url, tuotempo_plazo=20)
    simulador.fallar("lento", "availabilities", segundos=0.4)

    def pedir(n):
        web = app.test_client()
        return pedir_slots(web).status_code if n else web.get("/api/obtener_resultados").status_code

    assert a_la_vez(pedir, 24) == [200] * 24
    assert app.extensions["bd"].motor.pool.checkedout() == 0
