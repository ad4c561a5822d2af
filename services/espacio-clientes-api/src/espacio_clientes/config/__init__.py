"""Configuración y conexiones, con los nombres del README; `Ajustes` está aquí a mano, como en los demás servicios."""

from espacio_clientes.config.settings import Ajustes

__all__ = ["Ajustes"]
