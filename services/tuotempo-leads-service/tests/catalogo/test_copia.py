"""La copia del catálogo: cuándo se trae, de qué vale con TuoTempo caído y quién la renueva."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.infraestructura.tablas import catalogos, clinicas, tareas

from .conftest import caducar


def test_i_el_catalogo_se_trae_una_vez_al_dia(con_tuotempo, web, simulador):
    assert web.get("/api/centros").status_code == 200
    simulador.fallar("502", "areas")
    for ruta in ("/api/centros", "/api/centros/28013", "/centers"):
        salida = web.get(ruta)
        assert (salida.status_code, "X-Datos-Antiguos" in salida.headers) == (200, False)


def test_con_tuotempo_caido_se_sirve_el_catalogo_de_antes_y_se_dice(con_tuotempo, otra_app, web, simulador):
    enteros = web.get("/api/centros").json
    caducar(con_tuotempo)
    simulador.fallar("502", "areas")
    for _ in range(2):
        salida = web.get("/api/centros")
        assert (salida.status_code, salida.headers["X-Datos-Antiguos"]) == (200, "true")
        assert salida.json == enteros
    recien_arrancada = otra_app(tuotempo_url=simulador.url).test_client()
    assert recien_arrancada.get("/centers").headers["X-Datos-Antiguos"] == "true"


def test_cuando_tuotempo_vuelve_el_catalogo_se_renueva(con_tuotempo, web, simulador, filas):
    web.get("/api/centros")
    caducar(con_tuotempo)
    salida = web.get("/api/centros")
    assert (salida.status_code, "X-Datos-Antiguos" in salida.headers) == (200, False)
    (guardado,) = filas(catalogos)
    assert datetime.now(UTC).replace(tzinfo=None) - guardado.traido_en < timedelta(minutes=5)


def test_con_tuotempo_caido_sirven_las_clinicas_de_antes(con_tuotempo, web, simulador, filas):
    assert con_tuotempo.extensions["tareas"].una_ronda() == ["conciliar_citas", "renovar_clinicas"]
    antes = filas(clinicas)
    caducar(con_tuotempo)
    simulador.fallar("502")
    con_tuotempo.extensions["catalogo"].renovar_clinicas("es", "PRE")
    assert len(filas(clinicas)) == len(antes) >= 40
    assert web.get("/api/clinica/code?q=clinica").status_code == 200


def test_una_tarea_periodica_la_hace_un_solo_proceso(con_tuotempo, otra_app, simulador):
    otra = otra_app(tuotempo_url=simulador.url)
    assert con_tuotempo.extensions["tareas"].una_ronda() == ["conciliar_citas", "renovar_clinicas"]
    assert otra.extensions["tareas"].una_ronda() == []


def test_si_la_hora_se_atrasa_las_tareas_no_esperan_horas(con_tuotempo):
    despues = ahora() + timedelta(hours=3)
    rondas = con_tuotempo.extensions["tareas"]
    assert len(rondas.una_ronda()) == 2
    with con_tuotempo.extensions["bd"].escritura() as conexion:
        conexion.execute(
            sa.update(tareas).where(tareas.c.nombre == "conciliar_citas").values(hecha_en=despues)
        )
        conexion.execute(
            sa.update(tareas)
            .where(tareas.c.nombre != "conciliar_citas")
            .values(vence_turno=despues, hecha_en=None)
        )
    assert rondas.una_ronda() == ["conciliar_citas", "renovar_clinicas"]
