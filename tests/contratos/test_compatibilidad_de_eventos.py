"""Qué cambios de un evento o de un comando se rechazan, y con qué frase."""

import copy
import json

import pytest

from contracts.carpeta import actuales
from contracts.compatibilidad import problemas
from tests.contratos.esquemas import ENTERO, FECHA, NULO, RECURSIVO, TEXTO, lista, o, objeto, uno

DE_EVENTO = {
    "igual": (objeto("a", a=TEXTO), objeto("a", a=TEXTO), []),
    "un campo más": (objeto("a", a=TEXTO), objeto("ab", a=TEXTO, b=ENTERO), []),
    "opcional que pasa a venir siempre": (objeto(a=TEXTO), objeto("a", a=TEXTO), []),
    "otra descripción": (objeto(a=TEXTO), objeto(a={**TEXTO, "description": "x", "title": "y"}), []),
    "un campo menos": (objeto("ab", a=TEXTO, b=TEXTO), objeto("a", a=TEXTO), ["E: desaparece el campo `b`"]),
    "otro tipo": (objeto(a=TEXTO), objeto(a=ENTERO), ["E, `a`: cambia de tipo, de string a integer"]),
    "otro formato": (
        objeto(a=TEXTO),
        objeto(a=FECHA),
        ["E, `a`: cambia de tipo, de string a string (date-time)"],
    ),
    "ahora puede ser nulo": (
        objeto(a=TEXTO),
        objeto(a=o(TEXTO, NULO)),
        ["E, `a`: cambia de tipo, de string a null, string"],
    ),
    "nulo escrito de otra manera": (objeto(a=o(TEXTO, NULO)), objeto(a={"type": ["string", "null"]}), []),
    "deja de venir siempre": (
        objeto("a", a=TEXTO),
        objeto(a=TEXTO),
        ["E: el campo `a` deja de venir siempre"],
    ),
    "un valor más en la lista": (
        objeto(a=uno(enum=["x"])),
        objeto(a=uno(enum=["x", "y"])),
        ["E, `a`: cambian los valores admitidos, de 'x' a 'x', 'y'"],
    ),
    "otra constante": (
        objeto(a={"const": "x"}),
        objeto(a={"const": "y"}),
        ["E, `a`: cambian los valores admitidos, de 'x' a 'y'"],
    ),
    "dentro de una lista": (
        objeto(a=lista(objeto(b=TEXTO))),
        objeto(a=lista(objeto())),
        ["E, `a`, cada elemento: desaparece el campo `b`"],
    ),
    "dentro de un mapa": (
        {"type": "object", "additionalProperties": TEXTO},
        {"type": "object", "additionalProperties": ENTERO},
        ["E, los demás campos: cambia de tipo, de string a integer"],
    ),
    "dentro de una referencia": (
        {"$defs": {"B": objeto(c=TEXTO)}, **objeto(a={"$ref": "#/$defs/B"})},
        {"$defs": {"Otro": objeto()}, **objeto(a={"$ref": "#/$defs/Otro"})},
        ["E, `a`: desaparece el campo `c`"],
    ),
    "partido en un allOf": (
        objeto("a", a=TEXTO, b=TEXTO),
        {"allOf": [objeto("a", a=TEXTO), objeto(b=TEXTO)]},
        [],
    ),
    "que se contiene a sí mismo": (RECURSIVO, RECURSIVO, []),
}


@pytest.mark.parametrize(("antes", "ahora", "esperados"), DE_EVENTO.values(), ids=DE_EVENTO)
def test_cambios_de_un_evento(antes, ahora, esperados):
    fichero = "eventos/E.v1.json"
    hallados = problemas({fichero: json.dumps(antes)}, {fichero: json.dumps(ahora)})

    assert [hallado.replace(fichero, "E") for hallado in hallados] == esperados


DE_COMANDO = {
    "un campo opcional más": (objeto("a", a=TEXTO), objeto("a", a=TEXTO, b=TEXTO), []),
    "un campo deja de exigirse": (objeto("a", a=TEXTO), objeto(a=TEXTO), []),
    "acepta también nulo": (objeto(a=TEXTO), objeto(a=o(TEXTO, NULO)), []),
    "un campo obligatorio más": (objeto(), objeto("a", a=TEXTO), ["E: el campo `a` pasa a ser obligatorio"]),
    "deja de aceptar nulo": (
        objeto(a=o(TEXTO, NULO)),
        objeto(a=TEXTO),
        ["E, `a`: cambia de tipo, de null, string a string"],
    ),
}


@pytest.mark.parametrize(("antes", "ahora", "esperados"), DE_COMANDO.values(), ids=DE_COMANDO)
def test_cambios_de_un_comando(antes, ahora, esperados):
    fichero, marca = "eventos/E.v1.json", {"x-comando": True}
    hallados = problemas({fichero: json.dumps(antes | marca)}, {fichero: json.dumps(ahora | marca)})

    assert [hallado.replace(fichero, "E") for hallado in hallados] == esperados


def test_un_contrato_no_desaparece():
    assert list(problemas({"eventos/E.v1.json": "{}"}, {})) == ["eventos/E.v1.json: desaparece el fichero"]


def test_los_contratos_de_verdad_son_compatibles_consigo_mismos_y_no_sin_un_campo():
    buenos = actuales()
    rotos = copy.copy(buenos)
    guardado = json.loads(rotos["eventos/ClienteGuardado.v1.json"])
    del guardado["properties"]["version"]
    rotos["eventos/ClienteGuardado.v1.json"] = json.dumps(guardado)

    assert list(problemas(buenos, buenos)) == []
    assert list(problemas(buenos, rotos)) == [
        "eventos/ClienteGuardado.v1.json: desaparece el campo `version`"
    ]
