"""Raíz de composición: aquí, y solo aquí, se juntan las piezas del portal."""

from __future__ import annotations

from functools import partial

from apiflask import APIFlask

from chasis import web
from portal.aplicacion.catalogo import cargar
from portal.aplicacion.estado import consultar
from portal.aplicacion.recordado import Recordado
from portal.aplicacion.reunion import Reunion, reunir
from portal.config import Ajustes
from portal.entradas import http, paginas
from portal.infraestructura.vecinos import Vecinos
from portal.servicios import SERVICIOS

ESTADO, API, API_INCOMPLETA = 1.0, 30.0, 2.0  # segundos que vale cada respuesta


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir; los servicios pueden arrancar antes o después."""
    servicio = web.Servicio(
        nombre="portal",
        distribucion="centralita-portal",
        titulo="Portal",
        descripcion="El estado de los servicios de Centralita y sus API reunidas.",
        dialecto=lambda error: {"error": error.texto},
        claves_de_error=("error",),
    )
    app = web.crear_app(servicio, ajustes)
    vecinos = Vecinos(ajustes.direcciones)
    publicados = [servicio for servicio in SERVICIOS if servicio.publicado(ajustes.entorno)]
    app.extensions["estado"] = Recordado(partial(consultar, vecinos, SERVICIOS), lambda _: ESTADO)
    app.extensions["reunion"] = Recordado(partial(reunir, vecinos, publicados), _vigencia)
    app.extensions["publicados"] = publicados
    app.extensions["temas"] = cargar(ajustes.carpeta_de_contratos, SERVICIOS)
    app.register_blueprint(http.rutas)
    app.register_blueprint(paginas.rutas)
    return app


def _vigencia(reunion: Reunion) -> float:
    # A quien vuelve no se le hace esperar: mientras falte alguno se pregunta más a menudo.
    return API if reunion.completa else API_INCOMPLETA
