"""Centros y actividades, como los da TuoTempo y con las reglas del README."""

import pytest

from tests.citas import CENTRO, PRIMERA_VISITA

CLAVES = ["areaid", "areaTitle", "address", "cp", "city", "province", "phone"]


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
    salida = web.get("/api/actividades", query_string={"centro_id": CENTRO})
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
