"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de customer_service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.bd import BaseDeDatos
from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.web import Servicio, crear_app as crear_app_base
from customer_service.aplicacion.casos import Clientes
from customer_service.config import Ajustes
from customer_service.entradas import http
from customer_service.entradas.consumidores import manejadores
from customer_service.infraestructura.almacen import AlmacenHttp


def montar_eventos(ajustes: Ajustes, clientes: Clientes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = BaseDeDatos(ajustes.url)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "clientes", manejadores(clientes))


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir contra el storage_service de `STORAGE_SERVICE_URL`."""
    almacen = AlmacenHttp(ajustes.url_del_almacen)
    clientes = Clientes(almacen, ajustes.zona)
    eventos = montar_eventos(ajustes, clientes)
    bd = eventos.bd
    servicio = Servicio(
        nombre="clientes",
        distribucion="customer-service",
        titulo="Clientes",
        descripcion="Clientes y los servicios que tienen contratados.",
        dialecto=lambda error: {"error": error.texto},
        claves_de_error=("error",),
        comprobaciones={
            "base_de_datos": bd.comprobar,
            "almacen": almacen.comprobar,
            "eventos": eventos.estado,
        },
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"bd": bd, "almacen": almacen, "clientes": clientes}
    eventos.instalar(app)
    app.register_blueprint(http.rutas)
    return app
