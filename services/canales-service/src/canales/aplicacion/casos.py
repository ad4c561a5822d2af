"""Casos de uso de canales: cada función recibe la conexión de su transacción y no sabe de HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from canales.infraestructura import repositorio
from chasis.errores import NoEncontrado, PeticionInvalida


def registrar_cliente(conexion: Connection, nombre: str, tipo_servicio: str) -> int:
    """Da de alta un cliente y devuelve su id; dos clientes pueden llamarse igual."""
    return repositorio.insertar_cliente(conexion, nombre, tipo_servicio, _ahora())


def obtener_cliente(conexion: Connection, cliente_id: int) -> dict[str, object]:
    cliente = repositorio.cliente(conexion, cliente_id)
    if cliente is None:
        raise NoEncontrado(f"El cliente con id {cliente_id} no existe")
    return cliente


def registrar_canal(conexion: Connection, tipo: str, contenido: str, cliente_id: int) -> int:
    """Anota un correo o una llamada de un cliente; que el cliente no exista es un error de la petición (400)."""
    if repositorio.cliente(conexion, cliente_id) is None:
        raise PeticionInvalida(f"El cliente con id {cliente_id} no existe", campo="cliente_id")
    return repositorio.insertar_canal(conexion, tipo, contenido, cliente_id, _ahora())


def _ahora() -> datetime:
    """UTC sin zona ni fracción, como muestra el README (`2024-09-08T12:34:56`)."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
