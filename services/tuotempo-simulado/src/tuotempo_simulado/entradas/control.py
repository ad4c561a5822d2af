"""`/_control`: lo que el de verdad no tiene. Encender y apagar fallos, y volver a empezar."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app

from chasis.web import respuesta
from tuotempo_simulado.aplicacion.agenda import Agenda
from tuotempo_simulado.aplicacion.fallos import Fallo, Fallos
from tuotempo_simulado.entradas.esquemas import Encendidos, FalloNuevo, Hecho

rutas = APIBlueprint("control", __name__, tag="Control")


@rutas.get("/health")
@rutas.output(Hecho)
def salud() -> Response:
    """Estado de salud."""
    return respuesta({"status": "healthy"})


@rutas.post("/_control/fallos")
@rutas.input(FalloNuevo, arg_name="datos")
@rutas.output(Encendidos, description="Los fallos encendidos")
def encender(datos: FalloNuevo) -> Response:
    """Encender un fallo en una ruta (o en todas), para unas cuantas peticiones o hasta que se apague."""
    _fallos().encender(Fallo(**datos.model_dump()))
    return respuesta(_encendidos())


@rutas.get("/_control/fallos")
@rutas.output(Encendidos, description="Los fallos encendidos")
def listar() -> Response:
    """Qué fallos están encendidos."""
    return respuesta(_encendidos())


@rutas.delete("/_control/fallos")
@rutas.output(Encendidos, description="Ninguno")
def apagar() -> Response:
    """Apagar todos los fallos."""
    _fallos().apagar()
    return respuesta(_encendidos())


@rutas.post("/_control/reset")
@rutas.output(Hecho)
def reiniciar() -> Response:
    """Olvidar usuarios, reservas y fallos."""
    _fallos().apagar()
    agenda: Agenda = current_app.extensions["agenda"]
    agenda.reiniciar()
    return respuesta({"status": "ok"})


def _encendidos() -> dict[str, list[dict[str, Any]]]:
    return {"fallos": [asdict(fallo) for fallo in _fallos().encendidos()]}


def _fallos() -> Fallos:
    fallos: Fallos = current_app.extensions["fallos"]
    return fallos
