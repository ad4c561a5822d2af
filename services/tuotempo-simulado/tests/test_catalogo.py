"""Los datos inventados se parecen a los de verdad en lo que da problemas."""

from collections import Counter

import pytest

from tests.citas import CENTRO
from tuotempo_simulado.dominio import catalogo


def test_hay_cuarenta_clinicas_o_mas_en_doce_provincias_sin_acentos(portal):
    provincias = Counter(clinica["province"] for clinica in portal.clinicas())
    assert sum(provincias.values()) >= 40
    assert len(provincias) == 12
    assert {"Malaga", "La Coruña", "Orense"} <= provincias.keys()


def test_cada_vez_salen_las_mismas():
    assert catalogo.clinicas() == catalogo.clinicas()


def test_casi_ninguna_dice_su_ciudad_y_a_un_codigo_postal_le_falta_el_cero(portal):
    clinicas = portal.clinicas()
    assert [c["cp"] for c in clinicas if len(c["cp"]) != 5] == ["4700"]
    assert sum(c["city"] is None for c in clinicas) > len(clinicas) / 2
    assert any(isinstance(c["city"], str) for c in clinicas)


def test_hay_clinicas_que_comparten_codigo_postal(portal):
    assert max(Counter(clinica["cp"] for clinica in portal.clinicas()).values()) >= 2


def test_los_tipos_son_los_del_proveedor(portal):
    clinica = portal.clinicas()[0]
    assert (clinica["isHidden"], clinica["created"], clinica["landline"]) == ("0", "1498646000", None)
    assert "phone" not in clinica
    assert len(clinica["areaid"]) == 59
    assert float(clinica["latitude"])


def test_la_clinica_del_readme_de_leads_existe(portal):
    assert CENTRO in [clinica["areaid"] for clinica in portal.clinicas(province="Madrid")]


@pytest.mark.parametrize("provincia", ["Malaga", "málaga", " MALAGA "])
def test_la_provincia_filtra(portal, provincia):
    assert {clinica["province"] for clinica in portal.clinicas(province=provincia)} == {"Malaga"}


def test_el_codigo_postal_no_filtra(portal):
    assert len(portal.clinicas(cp="28013")) == len(portal.clinicas())


def test_cada_clinica_tiene_dos_profesionales_o_mas():
    assert min(len(clinica.recursos) for clinica in catalogo.clinicas()) >= 2


def test_las_actividades_de_una_clinica_incluyen_la_primera_visita(portal, clinica):
    actividades = portal.pedir("get", "activities", query_string={"areaid": clinica}).json["return"][
        "results"
    ]
    assert actividades[0]["activityid"] == "sc159232371eb9c1"
    assert actividades[0]["activityTitle"] == "Primera Visita (mayores De 16 Años)"


def test_las_actividades_de_una_clinica_desconocida_no_se_permiten(portal):
    salida = portal.pedir("get", "activities", query_string={"areaid": "default@nadie"})
    assert (salida.status_code, salida.json["exception"]) == (200, "TUOTEMPO_RESOURCE_NOT_ALLOWED")
    assert salida.json["return"] == []


def test_otra_instancia_no_existe_y_se_dice_en_un_sobre(web):
    salida = web.get("/api/v3/otra/areas")
    assert (salida.status_code, salida.json["result"]) == (404, "EXCEPTION")
