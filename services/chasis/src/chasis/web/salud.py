"""Rutas de salud y métricas; de ellas solo `/health/live` sale por el gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, request
from pydantic import BaseModel

from chasis import metricas
from chasis.errores import ErrorDeProtocolo
from chasis.retirada import en_retirada
from chasis.salud import Comprobacion, informe
from chasis.web.respuestas import respuesta


class Vida(BaseModel):
    status: Literal["alive", "leaving"]


class Disponibilidad(BaseModel):
    status: Literal["ready", "not_ready"]
    servicio: str
    version: str
    comprobaciones: dict[str, Any]


def solo_desde_dentro() -> None:
    """El gateway ya lo cierra; esto lo cierra también si alguien encuentra una ruta que se le escape."""
    # No todas las plataformas ponen las dos: Heroku, solo la segunda.
    if "X-Forwarded-Host" in request.headers or "X-Forwarded-For" in request.headers:
        raise ErrorDeProtocolo(404)


def _no_disponible(esquema: str, descripcion: str) -> Any:
    referencia = {"$ref": f"#/components/schemas/{esquema}"}
    return {503: {"description": descripcion, "content": {"application/json": {"schema": referencia}}}}


_SE_VA = _no_disponible("Vida", "Va a parar: atiende lo que le llegue, pero no hay que mandarle más")
_NO_LISTA = _no_disponible("Disponibilidad", "No puede recibir tráfico; cada comprobación dice por qué")


def instalar(app: APIFlask, servicio: str, comprobaciones: Mapping[str, Comprobacion]) -> None:
    rutas = APIBlueprint("salud", __name__, tag="Operación")

    @rutas.get("/health/live")
    @rutas.output(Vida, description="El proceso responde")
    @rutas.doc(responses=_SE_VA)
    def viva() -> Response:
        """Vida: el proceso responde y no se está yendo; no toca nada más."""
        return respuesta({"status": "leaving"}, 503) if en_retirada() else respuesta({"status": "alive"})

    @rutas.get("/health/ready")
    @rutas.output(Disponibilidad, description="Puede recibir tráfico")
    @rutas.doc(responses=_NO_LISTA)
    def lista() -> Response:
        """Disponibilidad: comprueba todo aquello de lo que depende."""
        solo_desde_dentro()
        cuerpo, listo = informe(servicio, str(app.version), comprobaciones)
        return respuesta(cuerpo, 200 if listo else 503)

    @rutas.get("/metrics")
    @rutas.doc(hide=True)
    def exponer_metricas() -> Response:
        solo_desde_dentro()
        informe(servicio, str(app.version), comprobaciones)  # deja su resultado en las métricas
        colectores = current_app.extensions.get("colectores", ())
        return Response(metricas.exposicion(colectores), content_type=metricas.TIPO)

    app.register_blueprint(rutas)
