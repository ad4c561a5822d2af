from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion.resultados import ahora
from tuotempo_leads.infraestructura.tablas import catalogos, clinicas, tareas
from tuotempo_leads.infraestructura.tuotempo.fechas import hoy

DEL_README = "default@tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh"
PRIMERA_VISITA = "sc159232371eb9c1"
CLAVES = ["areaid", "areaTitle", "address", "cp", "city", "province", "phone"]


@pytest.fixture
def web(con_tuotempo):
    return con_tuotempo.test_client()


def caducar(app):
    with app.extensions["bd"].escritura() as conexion:
        ayer = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=25)
        conexion.execute(sa.update(catalogos).values(traido_en=ayer))
    app.extensions["catalogo"]._copias.clear()


def test_los_centros_tienen_sus_siete_claves_y_ninguna_nula(web):
    salida = web.get("/api/centros")
    centros = salida.json["centros"]
    assert (salida.status_code, salida.json["success"]) == (200, True)
    assert salida.json["message"] == f"Se encontraron {len(centros)} centros"
    assert len(centros) >= 40
    for centro in centros:
        assert list(centro) == CLAVES
        assert all(isinstance(valor, str) for valor in centro.values())


@pytest.mark.parametrize("provincia", ["Malaga", "Málaga", "MALAGA", " málaga "])
def test_la_provincia_se_compara_sin_acentos_ni_mayusculas(web, provincia):
    centros = web.get("/api/centros", query_string={"provincia": provincia}).json["centros"]
    assert {centro["province"] for centro in centros} == {"Malaga"}


def test_a1_los_centros_de_un_codigo_postal_son_los_mismos_por_las_dos_rutas(web):
    cp = web.get("/api/centros").json["centros"][0]["cp"]
    por_consulta, por_ruta = web.get(f"/api/centros?cp={cp}").json, web.get(f"/api/centros/{cp}").json
    assert por_ruta == por_consulta
    assert {centro["cp"] for centro in por_ruta["centros"]} == {cp}
    assert web.get("/api/centros/99999").json == {
        "success": True,
        "message": "Se encontraron 0 centros",
        "centros": [],
    }


@pytest.mark.parametrize("cp", ["4700", "04700"])
def test_a_un_codigo_postal_sin_su_cero_se_le_devuelve(web, cp):
    (centro,) = web.get(f"/api/centros/{cp}").json["centros"]
    assert centro["province"] == "Almeria"


def test_codigo_postal_y_provincia_se_exigen_los_dos(web):
    cp = web.get("/api/centros?provincia=Madrid").json["centros"][0]["cp"]
    assert web.get(f"/api/centros?cp={cp}&provincia=Madrid").json["centros"]
    assert web.get(f"/api/centros?cp={cp}&provincia=Sevilla").json["centros"] == []
    assert web.get(f"/api/centros/{cp}?provincia=Sevilla").json["centros"] == []


def test_a3_las_actividades_de_un_centro(web):
    salida = web.get("/api/actividades", query_string={"centro_id": DEL_README})
    actividades = salida.json["actividades"]
    assert salida.json["message"] == f"Se encontraron {len(actividades)} actividades"
    assert actividades[0] == {
        "activityid": PRIMERA_VISITA,
        "activityTitle": "Primera Visita (mayores De 16 Años)",
        "description": "",
    }


def test_sin_centro_no_hay_actividades(web):
    salida = web.get("/api/actividades")
    texto = "El parámetro centro_id es obligatorio"
    assert (salida.status_code, salida.json) == (400, {"success": False, "error": texto, "message": texto})


def pedir_slots(web, **cambios):
    consulta = {
        "centro_id": DEL_README,
        "actividad_id": PRIMERA_VISITA,
        "fecha_inicio": f"{hoy():%d/%m/%Y}",
        **cambios,
    }
    return web.get("/api/slots", query_string=consulta)


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


def test_k_una_llamada_lenta_no_retiene_ninguna_conexion_de_la_base(otra_app, simulador, a_la_vez):
    app = otra_app(tuotempo_url=simulador.url, tuotempo_plazo=20)
    simulador.fallar("lento", "availabilities", segundos=0.4)

    def pedir(n):
        web = app.test_client()
        return pedir_slots(web).status_code if n else web.get("/api/obtener_resultados").status_code

    assert a_la_vez(pedir, 24) == [200] * 24
    assert app.extensions["bd"].motor.pool.checkedout() == 0


@pytest.mark.parametrize(
    ("consulta", "cuantas"),
    [
        ("q=clinica", 3),
        ("q=CLÍNICA&campo=nombre", 3),
        ("q=clínica&campo=direccion", 0),
        ("q=%25", 0),
        ("q=_", 0),
        ("q=ninguna+se+llama+así", 0),
    ],
)
def test_a10_las_clinicas_se_buscan_sin_acentos_y_como_mucho_tres(web, consulta, cuantas):
    salida = web.get(f"/api/clinica/code?{consulta}")
    assert (salida.status_code, len(salida.json["results"])) == (200, cuantas)


def test_una_clinica_se_encuentra_por_su_direccion(web):
    centro = web.get("/api/centros").json["centros"][0]
    for campo in ("", "&campo=direccion", "&campo=DIRECCION"):
        (hallada, *_) = web.get(f"/api/clinica/code?q={centro['address'][:20]}{campo}").json["results"]
        assert list(hallada) == ["code", "nombre", "address"]
        assert centro["address"][:20] in hallada["address"]


@pytest.mark.parametrize(
    ("consulta", "texto"),
    [
        ("", "Debe proporcionar parámetro q"),
        ("q=+", "Debe proporcionar parámetro q"),
        ("q=x&campo=telefono", "El parámetro campo debe ser nombre o direccion"),
    ],
)
def test_buscar_clinicas_sin_saber_que_es_un_400(web, consulta, texto):
    salida = web.get(f"/api/clinica/code?{consulta}")
    assert (salida.status_code, salida.json["error"]) == (400, texto)


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
