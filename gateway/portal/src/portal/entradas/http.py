"""La API del portal: el estado de los servicios y sus API reunidas."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, current_app, request

from chasis.web import respuesta
from portal.aplicacion.estado import Parte
from portal.aplicacion.recordado import Recordado
from portal.aplicacion.reunion import Reunion
from portal.entradas.esquemas import EstadoDeTodos

rutas = APIBlueprint("api", __name__, tag="Portal")


@rutas.get("/health")
@rutas.doc(responses={200: "Funciona"})
def salud() -> Response:
    """Estado de salud."""
    return respuesta({"status": "healthy"})


@rutas.get("/api/estado")
@rutas.output(EstadoDeTodos, description="El estado de cada servicio y cuándo se preguntó")
def estado() -> Response:
    """Estado de los servicios."""
    parte: Recordado[Parte] = current_app.extensions["estado"]
    return respuesta(parte().como_json(), cabeceras={"Cache-Control": "no-store"})


@rutas.get("/api/openapi.json")
@rutas.doc(responses={200: "Documento OpenAPI 3.1"})
def openapi() -> Response:
    """Las API de todos los servicios en un documento."""
    reunion: Recordado[Reunion] = current_app.extensions["reunion"]
    contestacion = respuesta(reunion().documento, cabeceras={"Cache-Control": "no-cache"})
    contestacion.add_etag()
    contestacion.make_conditional(request)
    return contestacion
