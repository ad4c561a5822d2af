"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de partners-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.eventos import Eventos
from chasis.migraciones import migrar
from chasis.salud import Comprobacion
from partners.api import crear_aplicacion
from partners.config import Ajustes
from partners.config.db import abrir
from partners.entradas.consumidores import MANEJADORES
from partners.modulos.partners.infraestructura.cifrado import Cifrador


def montar_eventos(ajustes: Ajustes) -> Eventos:
    """La base de datos, migrada, y los eventos sobre ella: lo que necesitan la web y el trabajador."""
    bd = abrir(ajustes.base_de_datos)
    migrar(bd, Path(__file__).parent / "migraciones")
    return Eventos(bd, ajustes, "partners", MANEJADORES)


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir."""
    eventos = montar_eventos(ajustes)
    comprobaciones: dict[str, Comprobacion] = {
        "base_de_datos": eventos.bd.comprobar,
        "eventos": eventos.estado,
    }
    app = crear_aplicacion(ajustes, comprobaciones)
    app.extensions |= {"bd": eventos.bd, "cifrador": Cifrador(ajustes.claves)}
    eventos.instalar(app)
    return app
