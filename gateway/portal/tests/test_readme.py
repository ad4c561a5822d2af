"""Las peticiones que enseña el README contestan lo que el README dice."""

import json
import re
from pathlib import Path

import pytest

from portal.servicios import SERVICIOS

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
ORDENES = re.findall(
    r"^curl (?:-H '(.+?)' )?http://127\.0\.0\.1:5080(/\S*) *(?:# (.*))?$", README, re.MULTILINE
)


@pytest.mark.parametrize(("cabecera", "ruta", "dicho"), ORDENES, ids=lambda parte: parte)
def test_cada_peticion_contesta_lo_que_se_dice(web, cabecera, ruta, dicho):
    respuesta = web.get(ruta, headers=[cabecera.split(": ")] if cabecera else [])
    estado, cuerpo = re.fullmatch(r"(\d{3})? ?(\{.*\})?.*", dicho).groups()
    assert respuesta.status_code == int(estado or 200)
    if cuerpo:
        assert respuesta.json == json.loads(cuerpo)


def test_el_estado_tiene_la_forma_que_se_ensena(web):
    ejemplo = re.search(r"/api/estado\n((?:#.*\n)+)", README)[1].replace("#", "").replace(", …", "")
    (servicio,) = json.loads(ejemplo).pop("servicios")
    visto = web.get("/api/estado").json
    assert visto.keys() == json.loads(ejemplo).keys()
    assert visto["servicios"][0].keys() == servicio.keys()


def test_estan_las_variables_de_todos_los_servicios():
    assert [s.variable for s in SERVICIOS if f"`{s.variable}`" not in README] == []
