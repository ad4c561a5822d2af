"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de canales-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from canales.config import Ajustes
from canales.entradas import http
from canales.entradas.consumidores import MANEJADORES
from chasis.bd import BaseDeDatos
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base


def montar_eventos(ajustes: Ajustes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "canales", MANEJADORES)


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir."""
    eventos = montar_eventos(ajustes)
    bd = eventos.bd
    servicio = Servicio(
        nombre="canales",
        distribucion="canales-service",
        titulo="Canales",
        descripcion="Clientes y los correos y llamadas intercambiados con ellos.",
        dialecto=lambda error: {"mensaje": error.texto},
        claves_de_error=("mensaje",),
        comprobaciones={"base_de_datos": bd.comprobar, "eventos": eventos.estado},
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions["bd"] = bd
    eventos.instalar(app)
    app.register_blueprint(http.rutas)
    return app
