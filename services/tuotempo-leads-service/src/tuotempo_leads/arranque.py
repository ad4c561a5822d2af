"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de tuotempo-leads-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from tuotempo_leads.config import Ajustes

LIMITE_DEL_CUERPO = 20 * 1024 * 1024  # bytes: lo que puede ocupar una hoja de cálculo


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir, con la base de datos migrada."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    servicio = Servicio(
        nombre="leads",
        distribucion="tuotempo-leads-service",
        titulo="Leads y citas",
        descripcion="Contactos de un call center, resultados de sus llamadas y citas en TuoTempo.",
        dialecto=lambda error: {"success": False, "error": error.texto, "message": error.texto},
        claves_de_error=("error", "message"),
        comprobaciones={"base_de_datos": bd.comprobar},
        limite_del_cuerpo=LIMITE_DEL_CUERPO,
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"bd": bd, "ajustes": ajustes}
    return app
