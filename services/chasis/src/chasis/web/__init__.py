"""Puente entre el chasis y Flask: `crear_app` da una aplicación con todo lo común ya instalado."""

from chasis.web.aplicacion import Servicio, crear_app
from chasis.web.documentacion import cuerpo_opcional
from chasis.web.idempotencia import repetible
from chasis.web.respuestas import con_version, json_por_trozos, pagina_en_url, respuesta
from chasis.web.transaccion import en_transaccion, lectura

__all__ = [
    "Servicio",
    "con_version",
    "crear_app",
    "cuerpo_opcional",
    "en_transaccion",
    "json_por_trozos",
    "lectura",
    "pagina_en_url",
    "repetible",
    "respuesta",
]
