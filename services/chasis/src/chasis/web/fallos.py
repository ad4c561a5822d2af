"""De excepción a respuesta: siempre JSON en el dialecto del servicio, nunca HTML ni una traza."""

from __future__ import annotations

import structlog
from apiflask import APIFlask
from flask import Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from chasis.bd import no_contesta
from chasis.errores import Dialecto, ErrorDeProtocolo, ErrorDeServicio, NoDisponible
from chasis.web.respuestas import respuesta

registro = structlog.get_logger()


def instalar(app: APIFlask, dialecto: Dialecto) -> None:
    def responder(error: ErrorDeServicio) -> Response:
        return respuesta(dialecto(error), error.estado, error.cabeceras)

    def de_servicio(error: ErrorDeServicio) -> Response:
        if error.estado >= 500:
            registro.error("fallo", texto=error.texto, exc_info=error)
        return responder(error)

    def de_http(error: HTTPException) -> Response:
        cabeceras = {nombre: v for nombre, v in error.get_headers() if nombre in ("Allow", "Location")}
        return responder(ErrorDeProtocolo(error.code or 500, cabeceras=cabeceras))

    def inesperado(error: Exception) -> Response:
        registro.error("fallo_inesperado", exc_info=error)
        sin_base = isinstance(error, SQLAlchemyError) and no_contesta(error)
        return responder(NoDisponible("Base de datos no disponible") if sin_base else ErrorDeProtocolo(500))

    app.register_error_handler(ErrorDeServicio, de_servicio)
    app.register_error_handler(HTTPException, de_http)
    app.register_error_handler(Exception, inesperado)
