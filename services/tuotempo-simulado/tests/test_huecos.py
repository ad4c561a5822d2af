from datetime import datetime

import pytest


def test_son_cada_veinte_minutos_de_nueve_a_veinte_los_tres_proximos_dias(portal, clinica):
    huecos = portal.huecos(clinica)
    de_uno = [h for h in huecos if h["resourceid"] == huecos[0]["resourceid"]]
    assert sorted({h["start_date"] for h in huecos}) == ["07/09/2026", "08/09/2026", "09/09/2026"]
    assert len(de_uno) == 3 * 33
    assert (de_uno[0]["startTime"], de_uno[0]["endTime"], de_uno[1]["startTime"]) == (
        "09:00",
        "09:20",
        "09:20",
    )
    assert max(h["startTime"] for h in huecos) == "19:40"


def test_van_agrupados_por_profesional_y_no_por_hora(portal, clinica):
    huecos = portal.huecos(clinica)
    profesionales = [h["resourceid"] for h in huecos]
    assert profesionales == sorted(profesionales)
    momentos = [(h["start_date"], h["startTime"]) for h in huecos]
    assert momentos != sorted(momentos)
    assert len({h["slotid"] for h in huecos}) == len(huecos)
    assert len({h["provider_session_id"] for h in huecos}) == len(huecos)


def test_un_hueco_tiene_los_tipos_y_las_rarezas_del_proveedor(portal, clinica):
    hueco = portal.huecos(clinica)[0]
    assert (hueco["duration"], hueco["province"], hueco["country"]) == ("30", "MADRID", None)
    assert hueco["portal_activityid"] == "sc159232371eb9c1" != hueco["activityid"]
    assert hueco["start_date_day_week"] == "Lunes"
    # La hora local escrita como si fuera UTC.
    assert hueco["start_datetime_timestamp"] == int(datetime.fromisoformat("2026-09-07T09:00Z").timestamp())
    assert hueco["timezone"] == 2


def test_lo_que_ya_ha_pasado_no_se_ofrece(portal, clinica, ahora):
    ahora[0] = datetime(2026, 9, 7, 19, 30)
    primero = portal.huecos(clinica)[0]
    assert (primero["start_date"], primero["startTime"]) == ("07/09/2026", "19:40")


def test_en_fin_de_semana_no_hay(portal, clinica):
    assert portal.huecos(clinica, fecha="12/09/2026")[0]["start_date"] == "14/09/2026"


@pytest.mark.parametrize("fecha", ["20/06/2025", "20-06-2025"])
def test_una_fecha_pasada_vale_por_hoy(portal, clinica, fecha):
    assert portal.huecos(clinica, fecha=fecha)[0]["start_date"] == "07/09/2026"


def test_una_fecha_iso_no_se_rechaza_y_da_huecos_de_2030(portal, clinica):
    huecos = portal.huecos(clinica, fecha="2026-09-10")
    assert len(huecos) == 365
    assert {h["start_date"][3:] for h in huecos} == {"12/2030"}


def test_una_fecha_imposible_se_dice(portal, clinica):
    salida = portal.buscar(clinica, fecha="31/02/2026")
    assert (salida.status_code, "start_date" in salida.json["msg"]) == (400, True)


def test_mas_alla_de_sesenta_dias_no_hay_y_se_explica(portal, clinica):
    salida = portal.buscar(clinica, fecha="07/11/2026").json
    assert (salida["result"], salida["return"]["results"]["availabilities"]) == ("OK", [])
    assert "<b>No se ha encontrado ninguna disponibilidad" in salida["msg"]


def test_se_filtra_por_hora_y_por_profesional(portal, clinica):
    profesional = portal.huecos(clinica)[0]["resourceid"]
    huecos = portal.huecos(clinica, minTime="900", maxTime="960", resourceId=profesional)
    assert {h["startTime"] for h in huecos} == {"15:00", "15:20", "15:40"}
    assert {h["resourceid"] for h in huecos} == {profesional}


def test_se_limita_cuantos(portal, clinica):
    assert len(portal.huecos(clinica, maxResults="5")) == 5


@pytest.mark.parametrize("cambio", [{"clinica": "default@nadie"}, {"actividad": "sc00000000000000"}])
def test_una_clinica_o_una_actividad_desconocidas_no_se_permiten(portal, clinica, cambio):
    salida = portal.buscar(**{"clinica": clinica, **cambio})
    assert salida.status_code == 200
    assert (salida.json["exception"], salida.json["return"]) == ("TUOTEMPO_RESOURCE_NOT_ALLOWED", [])


def test_falta_un_parametro_y_se_dice_cual(portal):
    salida = portal.pedir(
        "get", "availabilities", query_string={"activityid": "x", "start_date": "07/09/2026"}
    )
    assert (salida.status_code, salida.json["result"]) == (400, "EXCEPTION")
    assert "areaId" in salida.json["msg"]


def test_searchid_es_un_objeto_escrito_como_texto(portal, clinica):
    assert portal.buscar(clinica).json["searchid"].startswith('{"lang":"es"')
