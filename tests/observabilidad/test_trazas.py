"""Una petición que cruza tres servicios deja una sola traza, y cada tramo cuelga de quien lo causó."""

from __future__ import annotations

import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.pila import esperar

TRAZA, LLAMANTE = "a" * 32, "b" * 16


class Tramos(list):
    """Los que ha recibido el recolector, como `(servicio, tramo)`."""

    def __init__(self, recolector) -> None:
        assert {ruta for _, ruta, *_ in recolector.recibidas} <= {"/v1/traces"}
        envios = [ExportTraceServiceRequest.FromString(cuerpo) for *_, cuerpo in recolector.recibidas]
        super().__init__(
            (servicio_de(recurso), tramo)
            for envio in envios
            for recurso in envio.resource_spans
            for ambito in recurso.scope_spans
            for tramo in ambito.spans
        )

    def de(self, servicio, nombre):
        return next((t for s, t in self if s == servicio and t.name == nombre), None)

    def con(self, tramo_id):
        return next((t for _, t in self if t.span_id.hex() == tramo_id), None)


def servicio_de(recurso):
    return next(a.value.string_value for a in recurso.resource.attributes if a.key == "service.name")


def abrir_ficha(recorrido, nombre, **cabeceras):
    salida = requests.post(
        f"{recorrido.urls['clientes']}/clientes",
        json={"nombre": nombre, "contacto": "eva@ejemplo.com", "servicio": "Fibra"},
        headers=cabeceras,
        timeout=10,
    )
    assert salida.status_code == 201
    return salida


def test_una_peticion_que_cruza_servicios_y_eventos_es_una_sola_traza(recorrido, recolector):
    salida = abrir_ficha(recorrido, "Eva Trazada", traceparent=f"00-{TRAZA}-{LLAMANTE}-01")
    esperar(lambda: Tramos(recolector).de("canales", "aplicar ClienteGuardado"), 60)
    esperar(lambda: Tramos(recolector).de("clientes", "POST /clientes"), 60)
    tramos = Tramos(recolector)
    assert {servicio for servicio, tramo in tramos if tramo.trace_id.hex() == TRAZA} == set(recorrido.urls)
    cadena = (
        recibida := tramos.de("clientes", "POST /clientes"),
        tramos.de("clientes", "POST"),
        tramos.de("almacen", "POST /archivos"),
        tramos.de("almacen", "publicar ClienteGuardado"),
        aplicado := tramos.de("canales", "aplicar ClienteGuardado"),
    )
    ids = [tramo.span_id.hex() for tramo in cadena]
    assert [tramo.parent_span_id.hex() for tramo in cadena] == [LLAMANTE, *ids[:-1]]
    clases = ("SERVER", "CLIENT", "SERVER", "PRODUCER", "CONSUMER")
    assert [tramo.kind for tramo in cadena] == [getattr(Span, f"SPAN_KIND_{clase}") for clase in clases]
    altas = [tramo for servicio, tramo in tramos if servicio == "canales" and tramo.name == "INSERT"]
    assert {tramo.parent_span_id for tramo in altas} == {aplicado.span_id}
    assert {tramo.trace_id.hex() for tramo in cadena} == {TRAZA}
    assert salida.headers["traceparent"] == f"00-{TRAZA}-{recibida.span_id.hex()}-01"
    assert TRAZA in recorrido.registro("canales")


def test_una_traza_que_empieza_aqui_no_tiene_padre_y_es_la_de_la_respuesta(recorrido, recolector):
    traza, tramo = abrir_ficha(recorrido, "Eva Nueva").headers["traceparent"].split("-")[1:3]
    esperar(lambda: Tramos(recolector).con(tramo), 60)
    raiz = Tramos(recolector).con(tramo)
    assert (raiz.trace_id.hex(), raiz.parent_span_id) == (traza, b"")


def test_ningun_tramo_lleva_datos_de_personas(recorrido, recolector):
    abrir_ficha(recorrido, "Eva Privada")
    requests.get(f"{recorrido.urls['clientes']}/clientes/Eva%20Privada", timeout=10)
    esperar(lambda: Tramos(recolector).de("clientes", "GET /clientes/<nombre:nombre>"), 60)
    assert not [
        tramo for _, tramo in Tramos(recolector) if "Privada" in str(tramo) or "ejemplo" in str(tramo)
    ]
