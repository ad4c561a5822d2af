"""Qué cambios de contrato se rechazan, con qué frase, y contra qué commit se compara."""

import copy
import json
import subprocess
import sys

import pytest
import yaml

from contracts.carpeta import actuales
from contracts.compatibilidad import problemas
from tests.pila import RAIZ

TEXTO, ENTERO = {"type": "string"}, {"type": "integer"}
FECHA = {"type": "string", "format": "date-time"}
NULO = {"type": "null"}


def objeto(exigidos=(), **propiedades):
    return {"type": "object", "properties": propiedades, "required": list(exigidos)}


def o(*opciones):
    return {"anyOf": list(opciones)}


def lista(elemento):
    return {"type": "array", "items": elemento}


def uno(**extra):
    return {"type": "string", **extra}


RECURSIVO = {"$defs": {"Nodo": objeto(hijo={"$ref": "#/$defs/Nodo"})}, "$ref": "#/$defs/Nodo"}

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


class Repositorio:
    """Un repositorio de git de usar y tirar con una copia de `contracts/`."""

    def __init__(self, raiz):
        self.raiz = raiz
        (raiz / "contracts/eventos").mkdir(parents=True)
        for modulo in (RAIZ / "contracts").glob("*.py"):
            (raiz / "contracts" / modulo.name).write_text(modulo.read_text("utf-8"), "utf-8")
        self.git("init", "-q", "-b", "main")

    def git(self, *orden):
        quien = ["-c", "user.name=Prueba", "-c", "user.email=prueba@example.com"]
        subprocess.run(["git", *quien, *orden], cwd=self.raiz, check=True, capture_output=True)

    def con(self, **esquemas):
        for nombre, esquema in esquemas.items():
            (self.raiz / f"contracts/eventos/{nombre}.v1.json").write_text(json.dumps(esquema), "utf-8")
        return self

    def confirmar(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "cambio")
        return self

    def comprobar(self, base=""):
        return subprocess.run(
            [sys.executable, "-m", "contracts.compatibilidad"],
            cwd=self.raiz,
            env={"CONTRATOS_BASE": base, "PATH": "/usr/local/bin:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repositorio(tmp_path):
    return Repositorio(tmp_path)


BUENO, ROTO = objeto("a", a=TEXTO), objeto("a", a=ENTERO)


def test_en_una_rama_se_compara_con_el_punto_de_partida(repositorio):
    repositorio.con(E=BUENO).confirmar().git("switch", "-q", "-c", "rama")
    repositorio.con(E=ROTO).confirmar()

    hecho = repositorio.comprobar()

    assert hecho.returncode == 1
    assert hecho.stderr == "eventos/E.v1.json, `a`: cambia de tipo, de string a integer\n"


def test_lo_que_main_anade_despues_no_cuenta_como_perdido(repositorio):
    repositorio.con(E=BUENO).confirmar().git("switch", "-q", "-c", "rama")
    repositorio.con(F=BUENO).confirmar().git("switch", "-q", "main")
    repositorio.con(G=BUENO).confirmar().git("switch", "-q", "rama")

    assert repositorio.comprobar().returncode == 0


def test_en_main_se_compara_con_el_commit_anterior(repositorio):
    repositorio.con(E=BUENO).confirmar().con(E=ROTO).confirmar()

    assert repositorio.comprobar().returncode == 1


def test_lo_que_aun_no_se_ha_confirmado_tambien_se_mira(repositorio):
    repositorio.con(E=BUENO).confirmar().confirmar().con(E=ROTO)

    assert repositorio.comprobar().returncode == 1


def test_sin_historia_no_hay_con_que_comparar(repositorio):
    hecho = repositorio.con(E=BUENO).confirmar().comprobar()

    assert hecho.returncode == 0
    assert "ningún commit anterior" in hecho.stdout


def test_la_base_se_puede_elegir(repositorio):
    repositorio.con(E=BUENO).confirmar().con(E=ROTO).confirmar().confirmar()

    assert repositorio.comprobar().returncode == 0
    assert repositorio.comprobar("HEAD~2").returncode == 1
    assert "CONTRATOS_BASE no es ningún commit" in repositorio.comprobar("no-existe").stderr


def test_lo_que_alguien_acepto_por_escrito_pasa_y_lo_demas_no(repositorio):
    repositorio.con(E=BUENO, F=BUENO).confirmar().con(E=ROTO)
    aceptada = "eventos/E.v1.json, `a`: cambia de tipo, de string a integer"
    (repositorio.raiz / "contracts/aceptados.txt").write_text(f"# nadie lo lee\n{aceptada}\n", "utf-8")
    repositorio.confirmar()

    assert "1 cambios aceptados" in repositorio.comprobar().stdout
    assert repositorio.con(F=ROTO).comprobar("HEAD~1").returncode == 1
