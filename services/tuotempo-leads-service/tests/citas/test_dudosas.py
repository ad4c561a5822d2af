"""Citas de las que TuoTempo no llegó a decir nada: no se repiten, se concilian."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.bandeja import publicados
from tuotempo_leads.aplicacion import conciliacion
from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.infraestructura.tablas import citas

from .conftest import confirmar


@pytest.mark.parametrize(
    ("fallo", "estado"),
    [
        ({"fallo": "timeout", "segundos": 20}, 504),
        ({"fallo": "truncado"}, 502),
        ({"fallo": "excepcion", "codigo": "PORTAL_TIMEOUT"}, 504),
        ({"fallo": "502"}, 502),
        ({"fallo": "html"}, 502),
    ],
    ids=lambda v: v["fallo"] if isinstance(v, dict) else "",
)
def test_si_no_se_sabe_que_paso_la_cita_queda_desconocida_y_no_se_vuelve_a_pedir(
    app, web, huecos, simulador, fila, fallo, estado
):
    simulador.fallar(ruta="reservations", **fallo)
    salida = confirmar(web, huecos[0])
    assert (salida.status_code, salida.json["estado"]) == (estado, "desconocida")
    simulador.arreglar()
    hechas = simulador.reservas()
    otra = confirmar(web, huecos[0])
    assert (otra.status_code, otra.json["cita_id"], otra.json["estado"]) == (
        409,
        salida.json["cita_id"],
        "desconocida",
    )
    assert confirmar(web, huecos[0], "699999999").status_code == 409
    assert simulador.reservas() == hechas
    assert fila(citas).estado == "desconocida"
    assert "\ncitas_desconocidas 1.0\n" in web.get("/metrics").text


@pytest.fixture
def sin_reposo(monkeypatch):
    monkeypatch.setattr(conciliacion, "REPOSO", timedelta(0))


def test_una_cita_dudosa_que_entro_se_da_por_confirmada_y_se_publica(
    app, web, huecos, simulador, fila, sin_reposo
):
    simulador.fallar("truncado", "reservations", veces=1)
    confirmar(web, huecos[0])
    assert app.extensions["conciliacion"].una_tanda() == 1
    cita = fila(citas)
    assert (cita.estado, cita.motivo, cita.hueco_ocupado) == ("confirmada", "CONCILIADA", None)
    assert [sobre["type"] for sobre in publicados(app.extensions["bd"])] == ["CitaConfirmada"]
    assert app.extensions["conciliacion"].una_tanda() == 0


def test_una_cita_dudosa_que_no_entro_se_libera_al_verla_libre_dos_veces(
    app, web, huecos, simulador, fila, sin_reposo
):
    simulador.fallar("502", "reservations", veces=1)
    confirmar(web, huecos[0])
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "desconocida"
    app.extensions["conciliacion"].una_tanda()
    cita = fila(citas)
    assert (cita.estado, cita.motivo, simulador.reservas()) == ("rechazada", "NO_SE_RESERVO", 0)
    assert confirmar(web, huecos[0]).status_code == 200


def test_con_tuotempo_caido_una_cita_dudosa_sigue_siendolo(app, web, huecos, simulador, fila, sin_reposo):
    simulador.fallar("502")
    assert confirmar(web, huecos[0], userid="u").status_code == 502
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "desconocida"


def test_una_cita_que_perdio_su_proceso_tambien_se_concilia(
    app, web, huecos, simulador, fila, sin_reposo, monkeypatch
):
    monkeypatch.setattr(conciliacion, "MUERTA", timedelta(0))
    confirmar(web, huecos[0])
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(sa.update(citas).values(estado="en_curso", hueco_ocupado="x"))
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "confirmada"


@pytest.mark.parametrize("estado", ["en_curso", "desconocida"])
def test_si_la_hora_se_atrasa_una_cita_dudosa_no_espera_horas(app, web, huecos, fila, estado):
    confirmar(web, huecos[0])
    momento = ahora() + timedelta(hours=3)
    with app.extensions["bd"].escritura() as conexion:
        dudosa = {"estado": estado, "creada_en": momento, "actualizada_en": momento, "hueco_ocupado": "x"}
        conexion.execute(sa.update(citas).values(**dudosa))
    app.extensions["conciliacion"].una_tanda()
    assert fila(citas).estado == "confirmada"
