"""Qué cambios de una API se rechazan, y con qué frase."""

import pytest
import yaml

from contracts.compatibilidad import problemas
from tests.contratos.esquemas import ENTERO, TEXTO, o, objeto, uno


def cuerpo(esquema, **extra):
    return {"content": {"application/json": {"schema": esquema}}, **extra}


def api(operacion=None, *, componentes=None, **metodos):
    metodos = {"post": operacion, **metodos} if operacion is not None else metodos
    return {"paths": {"/a": metodos} if metodos else {}, "components": componentes or {}}


def pide(esquema, **extra):
    return api({"requestBody": cuerpo(esquema, **extra)})


def contesta(esquema, estado="200"):
    return api({"responses": {estado: cuerpo(esquema)}})


def parametro(nombre="p", esquema=TEXTO, **extra):
    return {"in": "query", "name": nombre, "schema": esquema, **extra}


def recibe(*parametros):
    return api({"parameters": list(parametros)})


DE_OPENAPI = {
    "una ruta menos": (api({}), api(), ["O: desaparece la ruta /a"]),
    "una ruta más": (api(), api({}), []),
    "un método menos": (api({}, get={}), api(get={}), ["O: desaparece POST /a"]),
    "un estado menos": (contesta(TEXTO), contesta(TEXTO, "201"), ["O: POST /a: deja de contestar 200"]),
    "un tipo de contenido menos": (
        contesta(TEXTO),
        api({"responses": {"200": {"content": {"text/plain": {}}}}}),
        ["O: POST /a, respuesta 200: deja de valer application/json"],
    ),
    "una respuesta con un campo más": (contesta(objeto(a=TEXTO)), contesta(objeto(a=TEXTO, b=TEXTO)), []),
    "una respuesta con un campo menos": (
        contesta(objeto(a=TEXTO)),
        contesta(objeto()),
        ["O: POST /a, respuesta 200: desaparece el campo `a`"],
    ),
    "una respuesta con otro tipo": (
        contesta(objeto(a=TEXTO)),
        contesta(objeto(a=ENTERO)),
        ["O: POST /a, respuesta 200, `a`: cambia de tipo, de string a integer"],
    ),
    "una respuesta con un valor más": (contesta(uno(enum=["x"])), contesta(uno(enum=["x", "y"])), []),
    "una respuesta por referencia": (
        api(
            {"responses": {"200": {"$ref": "#/components/responses/R"}}},
            componentes={"responses": {"R": cuerpo(TEXTO)}},
        ),
        contesta(ENTERO),
        ["O: POST /a, respuesta 200: cambia de tipo, de string a integer"],
    ),
    "un cuerpo con un campo opcional más": (pide(objeto(a=TEXTO)), pide(objeto(a=TEXTO, b=TEXTO)), []),
    "un cuerpo con un campo obligatorio más": (
        pide(objeto(a=TEXTO)),
        pide(objeto("b", a=TEXTO, b=TEXTO)),
        ["O: POST /a, petición: el campo `b` pasa a ser obligatorio"],
    ),
    "un cuerpo que acepta más tipos": (pide(objeto(a=TEXTO)), pide(objeto(a=o(TEXTO, ENTERO))), []),
    "un cuerpo que acepta cualquier cosa": (pide(objeto(a=TEXTO)), pide(objeto(a={})), []),
    "un cuerpo con otro tipo": (
        pide(objeto(a=TEXTO)),
        pide(objeto(a=ENTERO)),
        ["O: POST /a, petición, `a`: cambia de tipo, de string a integer"],
    ),
    "un cuerpo con un valor más": (pide(uno(enum=["x"])), pide(uno(enum=["x", "y"])), []),
    "un cuerpo con un valor menos": (
        pide(uno(enum=["x", "y"])),
        pide(uno(enum=["x"])),
        ["O: POST /a, petición: deja de aceptar valores; ahora solo 'x'"],
    ),
    "un cuerpo que acepta solo algunos valores": (
        pide(TEXTO),
        pide(uno(enum=["x"])),
        ["O: POST /a, petición: deja de aceptar valores; ahora solo 'x'"],
    ),
    "un cuerpo estricto con un campo menos": (
        pide(objeto(a=TEXTO)),
        pide({**objeto(), "additionalProperties": False}),
        ["O: POST /a, petición: deja de aceptarse el campo `a`"],
    ),
    "un cuerpo ahora obligatorio": (
        pide(TEXTO),
        pide(TEXTO, required=True),
        ["O: POST /a: el cuerpo pasa a ser obligatorio"],
    ),
    "un parámetro opcional más": (recibe(), recibe(parametro()), []),
    "un parámetro obligatorio más": (
        recibe(),
        recibe(parametro(required=True)),
        ["O: POST /a: el parámetro `p` (query) pasa a ser obligatorio"],
    ),
    "un parámetro ahora obligatorio": (
        recibe(parametro()),
        recibe(parametro(required=True)),
        ["O: POST /a: el parámetro `p` (query) pasa a ser obligatorio"],
    ),
    "un parámetro con otro tipo": (
        recibe(parametro()),
        recibe(parametro(esquema=ENTERO)),
        ["O: POST /a, parámetro `p`: cambia de tipo, de string a integer"],
    ),
}


@pytest.mark.parametrize(("antes", "ahora", "esperados"), DE_OPENAPI.values(), ids=DE_OPENAPI)
def test_cambios_de_un_openapi(antes, ahora, esperados):
    fichero = "openapi/o.yaml"
    hallados = problemas({fichero: yaml.safe_dump(antes)}, {fichero: yaml.safe_dump(ahora)})

    assert [hallado.replace(fichero, "O") for hallado in hallados] == esperados
