"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de tuotempo-leads-service."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.errores import ErrorDeProtocolo
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from tuotempo_leads.aplicacion.centros import Catalogo
from tuotempo_leads.aplicacion.citas import Citas
from tuotempo_leads.aplicacion.conciliacion import Conciliacion
from tuotempo_leads.aplicacion.tareas import Tarea, Tareas
from tuotempo_leads.config import Ajustes
from tuotempo_leads.entradas.base import dialecto, exigir_llave_de_api, tipo_de_cuerpo_ajeno
from tuotempo_leads.entradas.consumidores import MANEJADORES
from tuotempo_leads.entradas.http import RUTAS
from tuotempo_leads.infraestructura.proveedor import Proveedor

LIMITE_DEL_CUERPO = 20 * 1024 * 1024  # bytes: lo que puede ocupar una hoja de cálculo


def montar_eventos(ajustes: Ajustes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "leads", MANEJADORES)


def piezas(bd: BaseDeDatos, ajustes: Ajustes) -> dict[str, Any]:
    """Lo que usan las rutas y el trabajador, por su nombre en `app.extensions`."""
    llaves = {entorno: ajustes.llave_de(entorno) for entorno in ("PRE", "PRO")}
    proveedor = Proveedor(ajustes.tuotempo_url, ajustes.tuotempo_instancia, llaves, ajustes.tuotempo_plazo)
    catalogo = Catalogo(bd, proveedor)
    conciliacion = Conciliacion(bd, proveedor, ajustes.zona)
    tareas = (
        Tarea("conciliar_citas", timedelta(seconds=30), conciliacion.una_tanda),
        Tarea(
            "renovar_clinicas",
            timedelta(hours=24),
            lambda: catalogo.renovar_clinicas("es", ajustes.tuotempo_entorno),
        ),
    )
    return {
        "bd": bd,
        "proveedor": proveedor,
        "catalogo": catalogo,
        "citas": Citas(bd),
        "conciliacion": conciliacion,
        "tareas": Tareas(bd, tareas),
    }


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
        limite_del_cuerpo=LIMITE_DEL_CUERPO,
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"ajustes": ajustes, **piezas(eventos.bd, ajustes)}
    eventos.instalar(app)
    app.register_error_handler(ErrorDeProtocolo, tipo_de_cuerpo_ajeno)
    app.before_request(exigir_llave_de_api)
    for rutas in RUTAS:
        app.register_blueprint(rutas)
    return app


def trabajar_en_segundo_plano(app: APIFlask) -> None:
    """Sin trabajador aparte (todo en una máquina), los eventos y las tareas son hilos del proceso web."""
    eventos: Eventos = app.extensions["eventos"]
    eventos.en_segundo_plano()
    if not eventos.con_pulsar:
        app.extensions["tareas"].en_segundo_plano()
