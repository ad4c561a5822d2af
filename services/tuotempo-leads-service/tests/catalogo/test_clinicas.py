"""`GET /api/clinica/code`."""

import pytest


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
