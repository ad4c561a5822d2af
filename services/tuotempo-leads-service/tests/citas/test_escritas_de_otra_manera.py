"""Huecos y personas que llegan escritos de otra manera que la de TuoTempo."""

from datetime import datetime, timedelta

import pytest

from tuotempo_leads.aplicacion import conciliacion
from tuotempo_leads.infraestructura.tablas import citas

ANA = {"fname": "Ana", "lname": "Demo", "birthday": "01/01/1980", "phone": "600123456"}


@pytest.fixture
def app(con_tuotempo):
    return con_tuotempo


@pytest.fixture
def hueco(web, simulador):
    (centro, *_) = web.get("/centers?province=madrid").json["return"]["results"]
    consulta = {
        "centro_id": centro["areaid"],
        "actividad_id": "sc159232371eb9c1",
        "fecha_inicio": "01/01/2025",
    }
    return web.get("/api/slots", query_string=consulta).json["slots"][0]


def test_un_hueco_que_sigue_libre_no_se_da_por_reservado_porque_su_fecha_viniera_en_iso(
    app, web, hueco, simulador, fila, monkeypatch
):
    monkeypatch.setattr(conciliacion, "REPOSO", timedelta(0))
    dia = datetime.strptime(hueco["start_date"], "%d/%m/%Y").date().isoformat()
    simulador.fallar("502", "reservations", veces=1)
    cuerpo = {**ANA, "availability": {**hueco, "start_date": dia}, "communication_phone": "600123456"}
    assert web.post("/confirm", json=cuerpo).status_code == 502
    app.extensions["conciliacion"].una_tanda()
    assert (fila(citas).estado, fila(citas).comprobaciones) == ("desconocida", 1)


@pytest.mark.parametrize(
    "nacimiento", [0, 86_400, 315532800.0, True, ["01/01/1980"], "19800101", "1980-W01-1"]
)
def test_una_fecha_de_nacimiento_no_es_un_numero_ni_una_semana(web, simulador, nacimiento):
    respuesta = web.post("/register", json={**ANA, "birthday": nacimiento})
    assert (respuesta.status_code, "birthday" in respuesta.json["error"]) == (400, True)
    assert simulador.app.extensions["agenda"].resumen()["usuarios"] == 0
