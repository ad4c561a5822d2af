"""Lo que hay en `contracts/` es lo que dice el código, y tiene la forma de sus normas."""

import json

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from chasis.eventos import Manejador
from contracts.carpeta import CARPETA, actuales
from contracts.documento_asyncapi import documento
from contracts.esquemas import contratos, es_de_comandos, esquema
from contracts.generar import ficheros, suscripciones
from contracts.servicios import SERVICIOS, Servicio
from tests.contratos.ejemplo import CON_COMANDOS, AltaDePrueba
from tests.pila import RAIZ

TIPOS = [c.nombre for c in contratos(SERVICIOS)]


@pytest.fixture(scope="module")
def generados():
    return ficheros(SERVICIOS)


def test_los_ficheros_son_los_del_codigo(generados):
    assert actuales().keys() == generados.keys(), "rehazlos con `make contratos`"
    for nombre, texto in actuales().items():
        assert texto == generados[nombre], f"{nombre}: rehazlo con `make contratos`"


def test_generar_dos_veces_da_lo_mismo(generados):
    assert ficheros(SERVICIOS) == generados


def test_ningun_tipo_tiene_dos_duenos():
    assert len(TIPOS) == len(set(TIPOS))


@pytest.mark.parametrize("nombre", TIPOS)
def test_cada_esquema_es_json_schema_2020_12(nombre):
    esquema = json.loads((CARPETA / "eventos" / f"{nombre}.json").read_text("utf-8"))

    Draft202012Validator.check_schema(esquema)
    assert esquema["$id"] == f"urn:centralita:{nombre}"
    assert esquema["title"] == nombre.split(".")[0]


def asyncapi_valido(doc: dict) -> list[str]:
    norma = json.loads((RAIZ / "tests/contratos/asyncapi/3.0.0.json").read_text("utf-8"))
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(norma).iter_errors(doc)]


def test_asyncapi_cumple_su_norma():
    assert asyncapi_valido(yaml.safe_load((CARPETA / "asyncapi.yaml").read_text("utf-8"))) == []


def test_asyncapi_con_comandos_tambien():
    doc = documento([*SERVICIOS, CON_COMANDOS])

    assert asyncapi_valido(doc) == []
    operacion = doc["operations"]["altas-consume-comandos-prueba"]
    assert operacion["messages"] == [{"$ref": "#/channels/comandos-prueba/messages/AltaDePrueba"}]


def test_las_referencias_de_asyncapi_llevan_a_algo():
    doc = yaml.safe_load((CARPETA / "asyncapi.yaml").read_text("utf-8"))

    for referencia in _referencias(doc):
        if not referencia.startswith("#/"):
            assert (CARPETA / referencia).is_file(), referencia
            continue
        nodo = doc
        for paso in referencia.removeprefix("#/").split("/"):
            nodo = nodo[paso]


def _referencias(nodo):
    if isinstance(nodo, dict):
        if "$ref" in nodo:
            yield nodo["$ref"]
        nodo = list(nodo.values())
    for hijo in nodo if isinstance(nodo, list) else ():
        yield from _referencias(hijo)


def test_las_suscripciones_son_las_de_los_manejadores():
    esperadas = {(m.tema, s.nombre) for s in SERVICIOS for m in s.consume}

    assert {(tema, s) for tema, todos in suscripciones(SERVICIOS).items() for s in todos} == esperadas


def test_los_manejadores_pueden_salir_de_una_funcion():
    def hacer(datos, evento): ...

    servicio = Servicio("otro", "otro", consumidores=lambda: [Manejador("canales", AltaDePrueba, hacer)])

    assert suscripciones([servicio]) == {"canales": ["otro"]}


def test_el_esquema_de_un_comando_es_el_de_quien_lo_recibe():
    (contrato,) = contratos([CON_COMANDOS])

    assert es_de_comandos(contrato.tema)
    assert esquema(contrato)["x-comando"] is True
    assert esquema(contrato)["required"] == ["nombre"]


def test_los_contratos_no_dependen_del_entorno_de_quien_los_genera(generados, monkeypatch, tmp_path):
    monkeypatch.setenv("DATOS_DIR", str(tmp_path / "reales"))
    monkeypatch.setenv("CANALES_DATABASE_URL", "postgresql+psycopg://nadie@127.0.0.1:9/nada")

    assert ficheros(SERVICIOS) == generados
    assert not (tmp_path / "reales").exists()
