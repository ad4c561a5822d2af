"""Órdenes que llegan por eventos: el mismo caso de uso que la llamada HTTP."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import structlog
from sqlalchemy import Connection

from chasis.eventos import Evento, Manejador
from partners.api.esquemas import PartnerNuevo
from partners.modulos.partners.dominio.excepciones import EmailExistente
from partners.modulos.partners.infraestructura.fabrica import servicio


@dataclass(frozen=True)
class CrearPartner:
    nombre: str
    email: str
    telefono: str | None = None
    direccion: str | None = None


def crear_partner(conexion: Connection, datos: CrearPartner, evento: Evento) -> None:
    """Da de alta un partner; si su email ya es de otro, repetir la orden no serviría: se anota y se da por hecha."""
    alta = PartnerNuevo.model_validate(asdict(datos)).alta()
    try:
        servicio(conexion).crear(alta)
    except EmailExistente:
        structlog.get_logger().warning("partner_ya_registrado", evento=evento.id, email=alta.email)


MANEJADORES = (Manejador("comandos-partners", CrearPartner, crear_partner),)
