"""Monta el servicio de aplicación sobre una transacción: el repositorio y la publicación de eventos."""

from __future__ import annotations

from sqlalchemy import Connection

from chasis.eventos import emitir
from partners.modulos.partners.aplicacion.servicios import ServicioPartners
from partners.modulos.partners.dominio.eventos import TEMA
from partners.modulos.partners.infraestructura.repositorios import RepositorioSQL


def servicio(conexion: Connection) -> ServicioPartners:
    """Los casos de uso, escribiendo en `conexion` lo que cambie y los eventos que lo cuenten."""

    def publicar(evento: object, clave: str, secuencia: int) -> None:
        emitir(conexion, TEMA, evento, clave=clave, secuencia=secuencia)

    return ServicioPartners(RepositorioSQL(conexion), publicar)
