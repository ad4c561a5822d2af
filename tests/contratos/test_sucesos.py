"""Quien publica emite exactamente lo que dice su contrato, y quien consume lo acepta."""

import json
from contextlib import contextmanager
from functools import partial

import orjson
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from chasis import contexto
from chasis.eventos import Evento
from chasis.eventos.sobre import escribir, nombre_del_contrato
from contracts.carpeta import CARPETA
from contracts.esquemas import contratos, es_de_comandos
from contracts.servicios import SERVICIOS
from tests.bandeja import publicados

PUBLICADOS = [c for c in contratos(SERVICIOS) if not c.comando]
CONSUMIDOS = [(servicio, manejador) for servicio in SERVICIOS for manejador in servicio.consume]
por_nombre = pytest.mark.parametrize("contrato", PUBLICADOS, ids=lambda c: c.nombre)
por_manejador = pytest.mark.parametrize(
    ("servicio", "manejador"), CONSUMIDOS, ids=lambda v: getattr(v, "nombre", "")
)


def validar(tipo: str, datos: object) -> None:
    Draft202012Validator(leer(tipo)).validate(datos)


def leer(nombre: str) -> dict:
    return json.loads((CARPETA / "eventos" / f"{nombre}.json").read_text("utf-8"))


def como_en_la_outbox(contrato) -> bytes:
    ejemplo = contrato.servicio.ejemplos[contrato.clase]
    _, cuerpo = escribir(
        contrato.servicio.nombre, contrato.tema, ejemplo, contrato.servicio.clave_de(ejemplo), 1
    )
    return cuerpo


@por_nombre
def test_todo_lo_que_se_publica_tiene_un_ejemplo(contrato):
    assert contrato.clase in contrato.servicio.ejemplos


@por_nombre
def test_lo_que_escribe_la_outbox_cumple_su_esquema(contrato):
    validar(contrato.nombre, orjson.loads(como_en_la_outbox(contrato))["data"])


@por_nombre
def test_un_suceso_con_un_campo_de_menos_no_cumple_su_esquema(contrato):
    datos = orjson.loads(como_en_la_outbox(contrato))["data"]
    quitado = leer(contrato.nombre)["required"][0]

    assert not Draft202012Validator(leer(contrato.nombre)).is_valid({**datos, quitado: object()})
    del datos[quitado]
    assert not Draft202012Validator(leer(contrato.nombre)).is_valid(datos)


@por_nombre
@pytest.mark.parametrize("en_una_peticion", [True, False])
def test_el_sobre_es_un_cloudevent_para_su_biblioteca_oficial(contrato, en_una_peticion):
    if en_una_peticion:
        contexto.iniciar("peticion-1", None)
    cuerpo = como_en_la_outbox(contrato)
    mensaje = HTTPMessage(headers={"content-type": "application/cloudevents+json"}, body=cuerpo)

    oficial = from_structured_event(mensaje, JSONFormat())
    nuestro = Evento.model_validate_json(cuerpo)

    assert oficial.get_type() == nuestro.tipo == contrato.tipo
    assert oficial.get_id() == nuestro.id
    assert oficial.get_source() == nuestro.fuente == contrato.servicio.nombre
    assert oficial.get_subject() == nuestro.clave
    assert oficial.get_time() == nuestro.momento
    assert oficial.get_dataschema() == nuestro.esquema == f"urn:centralita:{contrato.nombre}"
    assert oficial.get_extension("tema") == nuestro.tema == contrato.tema
    assert oficial.get_extension("secuencia") == nuestro.secuencia
    assert oficial.get_extension("correlationid") == nuestro.correlacion
    assert oficial.get_data() == nuestro.datos


@por_manejador
def test_lo_que_se_consume_lo_publica_alguien(servicio, manejador):
    tema, tipo = manejador.tema, manejador.tipo.__name__
    assert es_de_comandos(tema) or productores(tema, tipo), (
        f"{servicio.nombre} espera {tipo}, que nadie publica"
    )


@por_manejador
def test_quien_consume_acepta_los_ejemplos_de_quien_publica(servicio, manejador):
    for contrato in productores(manejador.tema, manejador.tipo.__name__):
        datos = orjson.loads(como_en_la_outbox(contrato))["data"]
        adaptador = TypeAdapter(manejador.tipo)

        leido = orjson.loads(orjson.dumps(adaptador.validate_python(datos)))  # como lo escribe la outbox

        assert {campo: datos[campo] for campo in leido if campo in datos} == {
            campo: valor for campo, valor in leido.items() if campo in datos
        }


@por_manejador
def test_quien_consume_solo_exige_lo_que_siempre_viene(servicio, manejador):
    exigido = set(TypeAdapter(manejador.tipo).json_schema().get("required", ()))

    for contrato in productores(manejador.tema, manejador.tipo.__name__):
        assert exigido <= set(leer(contrato.nombre)["required"])


def productores(tema: str, tipo: str) -> list:
    return [c for c in PUBLICADOS if (c.tema, c.tipo) == (tema, tipo)]


@contextmanager
def web_que_publica(nombre: str, tema: str):
    """Un servicio de verdad con alguien suscrito a su tema, y lo que lleva escrito en su outbox."""
    servicio = next(s for s in SERVICIOS if s.nombre == nombre)

    with servicio.en_marcha(destinos_de_eventos=f"{tema}=alguien@http://127.0.0.1:9") as app:
        yield app.test_client(), partial(publicados, app.extensions["bd"])


def comprobar(eventos: list[dict], *tipos: str) -> None:
    assert [evento["type"] for evento in eventos] == list(tipos)
    for evento in eventos:
        Evento.model_validate(evento)
        validar(evento["dataschema"].removeprefix("urn:centralita:"), evento["data"])


def test_lo_que_publica_canales_al_registrar_cumple_su_contrato():
    with web_que_publica("canales", "canales") as (web, publicado):
        ruta = web.post("/cliente", json={"nombre": "Ana Gómez", "tipo_servicio": "consultoría"}).headers[
            "Location"
        ]
        cliente = int(ruta.rsplit("/", 1)[1])
        web.post("/canal", json={"tipo": "llamada", "contenido": "Quiere información", "cliente_id": cliente})

        comprobar(publicado(), "ClienteRegistrado", "CanalRegistrado")
        assert {evento["subject"] for evento in publicado()} == {str(cliente)}


def test_lo_que_publica_el_almacen_al_guardar_y_eliminar_cumple_su_contrato():
    with web_que_publica("almacen", "clientes") as (web, publicado):
        documento = {"nombre": "Maria Lopez", "contacto": "maria@ejemplo.com", "servicios": []}
        web.post("/archivos", json=documento)
        web.delete("/archivos/Maria%20Lopez")

        comprobar(publicado(), "ClienteGuardado", "ClienteEliminado")


def test_el_contrato_que_cita_un_suceso_es_el_de_su_clase():
    for contrato in PUBLICADOS:
        assert orjson.loads(como_en_la_outbox(contrato))["dataschema"].endswith(
            nombre_del_contrato(contrato.clase)
        )
