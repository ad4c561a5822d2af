"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de tuotempo-leads-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.errores import ErrorDeProtocolo
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from tuotempo_leads.config import Ajustes
from tuotempo_leads.entradas.base import dialecto, exigir_llave_de_api, tipo_de_cuerpo_ajeno
from tuotempo_leads.entradas.consola import ORDENES
from tuotempo_leads.entradas.consumidores import MANEJADORES
from tuotempo_leads.entradas.http import RUTAS
from tuotempo_leads.entradas.panel import instalar as instalar_panel
from tuotempo_leads.piezas import montar


def montar_eventos(ajustes: Ajustes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "leads", MANEJADORES)


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
    app.extensions |= vars(montar(eventos.bd, ajustes))
    eventos.instalar(app)
    app.extensions["colectores"] = (eventos, app.extensions["conciliacion"])
    app.register_error_handler(ErrorDeProtocolo, tipo_de_cuerpo_ajeno)
    app.before_request(exigir_llave_de_api)
    for rutas in RUTAS:
        app.register_blueprint(rutas)
    instalar_panel(app, ajustes)
    for orden in ORDENES:
        app.cli.add_command(orden)
    return app


def trabajar_en_segundo_plano(app: APIFlask) -> None:
    """Importaciones siempre; sin trabajador aparte (todo en una máquina), también los eventos y las tareas."""
    eventos: Eventos = app.extensions["eventos"]
    app.extensions["importaciones"].en_segundo_plano()
    if not eventos.con_pulsar:
        eventos.en_segundo_plano()
        app.extensions["tareas"].en_segundo_plano()
