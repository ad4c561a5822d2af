"""El catálogo de eventos: lo que dicen los contratos, y qué pasa si no están."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from portal.aplicacion.catalogo import cargar, tipo
from portal.arranque import crear_app
from portal.config import Ajustes
from portal.entradas.resaltado import prosa
from portal.servicios import SERVICIOS

CONTRATOS = Path(__file__).resolve().parents[3] / "contracts"


class Texto(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.trozos: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.trozos.append(data)


@pytest.fixture
def copia(tmp_path):
    """Una copia de los contratos que la prueba puede romper."""
    shutil.copytree(CONTRATOS / "eventos", tmp_path / "eventos")
    shutil.copy(CONTRATOS / "asyncapi.yaml", tmp_path)
    return tmp_path


def con_contratos(ajustes, carpeta):
    return crear_app(Ajustes(direcciones=ajustes.direcciones, contratos=carpeta)).test_client()


def test_estan_todos_los_temas_y_sucesos_de_los_contratos(web):
    html = web.get("/eventos/").text

    for tema, canal in yaml.safe_load((CONTRATOS / "asyncapi.yaml").read_text("utf-8"))["channels"].items():
        assert f'id="tema-{tema}"' in html
        for mensaje in canal["messages"].values():
            assert f'id="{mensaje["$ref"].split("/")[-1]}"' in html


def test_un_tema_dice_quien_lo_publica_y_quien_lo_consume():
    temas = {tema.nombre: tema for tema in cargar(CONTRATOS, SERVICIOS)}

    assert temas["clientes"].publican == ("Almacén",)
    assert "Canales" in temas["clientes"].consumen
    assert temas["clientes"].direccion == "persistent://public/default/clientes"
    assert temas["comandos-partners"].publican == ()


def test_un_suceso_trae_sus_campos_y_un_ejemplo_entero(web):
    (tema,) = [tema for tema in cargar(CONTRATOS, SERVICIOS) if tema.nombre == "canales"]
    canal = next(suceso for suceso in tema.sucesos if suceso.nombre == "CanalRegistrado")

    campos = [(campo.nombre, campo.tipo, campo.obligatorio) for campo in canal.campos]

    assert ("timestamp", "fecha y hora", True) in campos
    assert canal.ejemplo["type"] == "CanalRegistrado"
    assert '"canal_id": 31' in "".join(Texto(web.get("/eventos/").text).trozos)


@pytest.mark.parametrize(
    ("esquema", "esperado"),
    [
        ({"type": "string"}, "texto"),
        ({"type": "string", "format": "date"}, "fecha"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "texto o nulo"),
        ({"type": "array", "items": {"type": "integer"}}, "lista de entero"),
        ({"type": "string", "enum": ["a", "b"]}, "«a» o «b»"),
        ({"$ref": "#/$defs/Otro"}, "objeto"),
        ({}, "cualquier valor"),
    ],
)
def test_los_tipos_se_dicen_en_palabras(esquema, esperado):
    assert tipo(esquema) == esperado


def test_los_nombres_entre_comillas_invertidas_son_codigo():
    assert prosa("`a` <b> `c`") == "<code>a</code> &lt;b&gt; <code>c</code>"


def test_sin_contratos_la_pagina_lo_dice(ajustes, tmp_path):
    respuesta = con_contratos(ajustes, tmp_path / "no-existe").get("/eventos/")

    assert respuesta.status_code == 200
    assert "no hay contratos que enseñar" in respuesta.text
    assert "make contratos" in respuesta.text


@pytest.mark.parametrize("roto", ["", "[1, 2", "channels: {a: 1}", "- nada"])
def test_unos_contratos_rotos_no_impiden_arrancar(ajustes, copia, roto):
    (copia / "asyncapi.yaml").write_text(roto, "utf-8")

    assert "no hay contratos que enseñar" in con_contratos(ajustes, copia).get("/eventos/").text


def test_lo_que_dice_un_contrato_no_es_html(ajustes, copia):
    doc = yaml.safe_load((copia / "asyncapi.yaml").read_text("utf-8"))
    doc["components"]["messages"]["ClienteEliminado.v1"]["examples"][0]["payload"]["data"] = {
        "nombre": "<script>alert(1)</script>"
    }
    (copia / "asyncapi.yaml").write_text(yaml.safe_dump(doc), "utf-8")
    suceso = copia / "eventos/ClienteEliminado.v1.json"
    malo = json.loads(suceso.read_text("utf-8")) | {"description": "<script>alert(2)</script>"}
    suceso.write_text(json.dumps(malo), "utf-8")

    html = con_contratos(ajustes, copia).get("/eventos/").text

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_la_pagina_no_recibe_eventos(web):
    assert web.post("/eventos/", json={}).status_code == 405
    assert web.post("/eventos", json={}).status_code in (404, 405)
    assert web.get("/eventos", follow_redirects=True).status_code == 200
