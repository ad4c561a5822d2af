"""Raíz de composición: aquí, y solo aquí, se juntan las piezas de partners-service."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from chasis.migraciones import migrar
from partners.api import crear_aplicacion
from partners.config import Ajustes
from partners.config.db import abrir
from partners.modulos.partners.infraestructura.cifrado import Cifrador


def crear_app(ajustes: Ajustes) -> APIFlask:
    """Aplicación WSGI lista para servir, con la base de datos migrada."""
    bd = abrir(ajustes.base_de_datos)
    migrar(bd, Path(__file__).parent / "migraciones")
    app = crear_aplicacion(ajustes, {"base_de_datos": bd.comprobar})
    app.extensions |= {"bd": bd, "cifrador": Cifrador(ajustes.claves)}
    return app
