"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de canales-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from canales.config import Ajustes
from canales.entradas import http
from chasis.bd import BaseDeDatos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir, con la base de datos migrada."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    servicio = Servicio(
        nombre="canales",
        distribucion="canales-service",
        titulo="Canales",
        descripcion="Clientes y los correos y llamadas intercambiados con ellos.",
        dialecto=lambda error: {"mensaje": error.texto},
        claves_de_error=("mensaje",),
        comprobaciones={"base_de_datos": bd.comprobar},
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions["bd"] = bd
    app.register_blueprint(http.rutas)
    return app
