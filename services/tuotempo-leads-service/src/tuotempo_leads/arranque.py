"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de tuotempo-leads-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.errores import ErrorDeProtocolo
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.config import Ajustes
from tuotempo_leads.entradas.base import dialecto, exigir_llave_de_api, tipo_de_cuerpo_ajeno
from tuotempo_leads.entradas.consumidores import MANEJADORES
from tuotempo_leads.entradas.http import RUTAS


def montar_eventos(ajustes: Ajustes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "leads", MANEJADORES)


def montar_importaciones(ajustes: Ajustes, bd: BaseDeDatos) -> Corredor:
    """Quien hace las importaciones que esperan: un hilo de la web o del trabajador, uno a la vez por base."""
    return Corredor(bd, ajustes.directorio_datos / "importaciones", ajustes.zona_horaria)


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir."""
    eventos = montar_eventos(ajustes)
    servicio = Servicio(
        nombre="leads",
        distribucion="tuotempo-leads-service",
        titulo="Leads y citas",
        descripcion="Contactos de un call center, resultados de sus llamadas y citas en TuoTempo.",
        dialecto=dialecto,
        claves_de_error=("error", "message"),
        comprobaciones={"base_de_datos": eventos.bd.comprobar, "eventos": eventos.estado},
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"bd": eventos.bd, "ajustes": ajustes}
    app.extensions["importaciones"] = montar_importaciones(ajustes, eventos.bd)
    eventos.instalar(app)
    app.register_error_handler(ErrorDeProtocolo, tipo_de_cuerpo_ajeno)
    app.before_request(exigir_llave_de_api)
    for rutas in RUTAS:
        app.register_blueprint(rutas)
    return app
