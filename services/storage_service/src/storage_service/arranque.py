"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de storage_service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from storage_service.aplicacion.eventos import TEMA
from storage_service.config import Ajustes
from storage_service.entradas import http
from storage_service.infraestructura.almacen import Almacen, abrir
from storage_service.infraestructura.diario import Diario


def montar_eventos(ajustes: Ajustes) -> tuple[Eventos, Almacen, Diario]:
    """La base de datos, migrada, el almacén, y los eventos de lo que se escribe en él."""
    bd, almacen = BaseDeDatos(ajustes.url), abrir(ajustes.almacen)
    migrar(bd, Path(__file__).parent / "migraciones")
    eventos = Eventos(bd, ajustes, "almacen")
    diario = Diario(bd, eventos.outbox, TEMA, almacen.EDAD_DE_LO_ABANDONADO)
    eventos.cada_tanto = lambda: diario.resolver(almacen.en_exclusiva)
    return eventos, almacen, diario


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir sobre el almacén que diga `STORAGE_URL`."""
    eventos, almacen, diario = montar_eventos(ajustes)
    bd = eventos.bd
    servicio = Servicio(
        nombre="almacen",
        distribucion="storage-service",
        titulo="Almacén",
        descripcion="Clientes guardados como documentos JSON duraderos.",
        dialecto=lambda error: {"error": error.texto},
        claves_de_error=("error",),
        comprobaciones={
            "base_de_datos": bd.comprobar,
            "almacen": lambda: _comprobar(almacen),
            "eventos": eventos.estado,
        },
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"bd": bd, "almacen": almacen, "diario": diario}
    eventos.instalar(app)
    app.register_blueprint(http.rutas)
    return app


def _comprobar(almacen: Almacen) -> dict[str, int]:
    almacen.comprobar()
    return {"documentos_corruptos": almacen.corruptos()}
