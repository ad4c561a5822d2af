"""`GET /api/openapi.json`: un solo documento con las API de todos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from portal import arranque
from portal.aplicacion import prefijos
from portal.arranque import crear_app
from portal.config import Ajustes
from portal.servicios import SERVICIOS

OPENAPI = "/openapi.json"
REF = {"$ref": "#/components/schemas/Cosa"}
DOCUMENTO: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Falso", "version": "1"},
    "servers": [{"url": "/"}],
    "security": [{"llave": []}],
    "paths": {
        "/cosas/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "ver",
                "tags": ["Suya"],
                "responses": {"200": {"description": "Sí", "content": {"application/json": {"schema": REF}}}},
            },
            "delete": {"operationId": "borrar", "security": [], "responses": {"204": {"description": "Ya"}}},
        },
        "/health/ready": {"get": {"operationId": "lista", "responses": {"200": {"description": "Sí"}}}},
        "/eventos": {"post": {"operationId": "eventos", "responses": {"200": {"description": "Sí"}}}},
        "/eventos-pasados": {"get": {"operationId": "pasados", "responses": {"200": {"description": "Sí"}}}},
    },
    "components": {
        "schemas": {
            "Cosa": {
                "type": "object",
                "properties": {"hija": REF},
                "discriminator": {"propertyName": "tipo", "mapping": {"a": "#/components/schemas/Cosa"}},
            }
        },
        "securitySchemes": {
            "llave": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token", "scopes": {}}}},
        },
    },
}


@pytest.fixture(autouse=True)
def _con_documento(vecinos):
    for vecino in vecinos.values():
        publicar(vecino, DOCUMENTO)


def publicar(vecino, documento):
    modelo = type(vecino.contestaciones["/health/ready"])
    vecino.contestaciones[OPENAPI] = modelo(cuerpo=documento)


def pedir(web):
    respuesta = web.get("/api/openapi.json")
    assert respuesta.status_code == 200
    return respuesta.json


def recorrer(nodo: Any, clave: str) -> Iterator[Any]:
    if isinstance(nodo, dict):
        yield from (valor for nombre, valor in nodo.items() if nombre == clave and isinstance(valor, str))
        nodo = list(nodo.values())
    if isinstance(nodo, list):
        for hijo in nodo:
            yield from recorrer(hijo, clave)


def comprobar_que_nada_choca(documento):
    operaciones = list(recorrer(documento["paths"], "operationId"))
    assert len(operaciones) == len(set(operaciones))
    for referencia in recorrer(documento, "$ref"):
        _, componentes, clase, nombre = referencia.split("/")
        assert componentes == "components"
        assert nombre in documento["components"][clase]


def test_junta_las_rutas_con_su_prefijo(web):
    documento = pedir(web)

    assert documento["openapi"] == "3.1.0"
    assert documento["servers"] == [{"url": "/"}]
    assert list(documento["paths"]) == [
        f"/{servicio}{ruta}"
        for servicio in ("canales", "clientes", "almacen", "partners", "leads", "espacio")
        for ruta in ("/cosas/{id}", "/eventos-pasados")
    ]
    comprobar_que_nada_choca(documento)


def test_agrupa_por_el_titulo_del_servicio(web):
    documento = pedir(web)

    assert [etiqueta["name"] for etiqueta in documento["tags"]] == [
        "Canales",
        "Clientes",
        "Almacén",
        "Partners",
        "Leads y citas",
        "Espacio Clientes",
    ]
    assert documento["tags"][0]["externalDocs"]["url"] == "/canales/docs"
    assert documento["paths"]["/almacen/cosas/{id}"]["get"]["tags"] == ["Almacén"]
    assert documento["paths"]["/almacen/cosas/{id}"]["parameters"][0]["name"] == "id"


def test_los_nombres_llevan_el_del_servicio(web):
    documento = pedir(web)
    operacion = documento["paths"]["/clientes/cosas/{id}"]["get"]
    cosa = documento["components"]["schemas"]["clientes.Cosa"]

    assert operacion["operationId"] == "clientes_ver"
    assert operacion["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/clientes.Cosa"
    }
    assert cosa["discriminator"]["mapping"] == {"a": "#/components/schemas/clientes.Cosa"}


def test_la_seguridad_general_baja_a_cada_operacion(web):
    documento = pedir(web)
    camino = documento["paths"]["/canales/cosas/{id}"]

    assert "security" not in documento
    assert camino["get"]["security"] == [{"canales.llave": []}]
    assert camino["delete"]["security"] == []
    esquema = documento["components"]["securitySchemes"]["canales.llave"]
    assert esquema["flows"]["password"]["tokenUrl"] == "/canales/token"


def test_vale_para_un_documento_del_chasis(ajustes, vecinos):
    for vecino in vecinos.values():
        publicar(vecino, crear_app(ajustes).test_client().get(OPENAPI).json)

    documento = pedir(crear_app(ajustes).test_client())

    assert "/canales/health/live" in documento["paths"]
    comprobar_que_nada_choca(documento)


def test_quien_no_contesta_falta_y_se_dice(web, vecinos):
    vecinos["clientes"].parar()

    documento = pedir(web)

    assert "faltan aquí:** Clientes." in documento["info"]["description"]
    assert not any(ruta.startswith("/clientes") for ruta in documento["paths"])
    assert [etiqueta["name"] for etiqueta in documento["tags"]] == [
        "Canales",
        "Almacén",
        "Partners",
        "Leads y citas",
        "Espacio Clientes",
    ]


def test_sin_nadie_sigue_siendo_un_documento(web, vecinos):
    for vecino in vecinos.values():
        vecino.parar()

    documento = pedir(web)

    assert documento["paths"] == {}
    assert "Canales, Clientes, Almacén" in documento["info"]["description"]


@pytest.mark.parametrize(
    "roto",
    [
        b"<html>",
        b"[" * 900 + b"]" * 900,
        b'{"openapi": "3.1.0", "paths": {"/x": ' + b'{"a":' * 800 + b"1" + b"}" * 800 + b"}}",
        [],
        {"openapi": "3.1.0"},
        {"openapi": "3.1.0", "paths": []},
        {"openapi": "3.1.0", "paths": {"/x": {"get": 1}}},
        {"openapi": "3.1.0", "paths": {"/x": 1}},
        {"openapi": "3.1.0", "paths": {}, "components": [1]},
        {"openapi": "3.1.0", "paths": {}, "components": {"schemas": 1}},
        {"openapi": "3.1.0", "paths": {"/x": {"get": {"security": ["y"]}}}},
    ],
)
def test_un_documento_roto_es_como_no_contestar(web, vecinos, roto):
    publicar(vecinos["canales"], roto)

    documento = pedir(web)

    assert "faltan aquí:** Canales." in documento["info"]["description"]
    assert "/clientes/cosas/{id}" in documento["paths"]


def test_mientras_esta_completo_no_se_vuelve_a_preguntar(web, vecinos):
    assert pedir(web) == pedir(web)
    assert vecinos["canales"].veces(OPENAPI) == 1


def test_quien_vuelve_aparece_pronto(ajustes, vecinos, monkeypatch):
    monkeypatch.setattr(arranque, "API_INCOMPLETA", 0.0)
    web = crear_app(ajustes).test_client()
    vecinos["canales"].parar()
    assert "/canales/cosas/{id}" not in pedir(web)["paths"]

    vecinos["canales"].arrancar()

    assert "/canales/cosas/{id}" in pedir(web)["paths"]


def test_no_se_envia_otra_vez_lo_que_ya_se_tiene(web):
    primera = web.get("/api/openapi.json")
    segunda = web.get("/api/openapi.json", headers={"If-None-Match": primera.headers["ETag"]})

    assert (segunda.status_code, segunda.data) == (304, b"")


def test_en_produccion_lo_interno_ni_sale_ni_falta(ajustes, vecinos):
    produccion = Ajustes(direcciones=ajustes.direcciones, entorno="production")
    documento = pedir(crear_app(produccion).test_client())

    assert not any(ruta.startswith("/almacen") for ruta in documento["paths"])
    assert "faltan" not in documento["info"]["description"]


def test_no_toca_el_documento_recibido():
    antes = json.dumps(DOCUMENTO)

    prefijos.caminos(DOCUMENTO, SERVICIOS[0])
    prefijos.componentes(DOCUMENTO, SERVICIOS[0])

    assert json.dumps(DOCUMENTO) == antes
