"""Configuración y conexiones, con los nombres del README."""

from espacio_clientes.config.settings import Ajustes

__all__ = ["Ajustes"]
