"""Factory de la aplicación Flask."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from flask import Response

from chasis.salud import Comprobacion
from chasis.web import Servicio, crear_app, respuesta
from partners.api.partners import rutas
from partners.api.respuestas import Salud
from partners.config import Ajustes

NOMBRE = "partners-service"


def crear_aplicacion(ajustes: Ajustes, comprobaciones: dict[str, Comprobacion]) -> APIFlask:
    """La aplicación con sus rutas y su dialecto de errores; lo que usa por dentro lo pone `arranque`."""
    servicio = Servicio(
        nombre="partners",
        distribucion=NOMBRE,
        titulo="Partners",
        descripcion="Partners, su verificación KYC y sus integraciones técnicas.",
        dialecto=lambda error: {"error": error.texto, "codigo": error.codigo},
        claves_de_error=("error", "codigo"),
        comprobaciones=comprobaciones,
    )
    app = crear_app(servicio, ajustes)
    app.register_blueprint(_salud())
    app.register_blueprint(rutas)
    return app


def _salud() -> APIBlueprint:
    ruta = APIBlueprint("estado", __name__, tag="Operación")

    @ruta.get("/health")
    @ruta.output(Salud)
    def salud() -> Response:
        """Verificar estado del servicio."""
        return respuesta({"status": "healthy", "service": NOMBRE})

    return ruta
