"""Casos de uso de canales: cada función recibe la conexión de su transacción y no sabe de HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from canales.aplicacion.eventos import TEMA, CanalRegistrado, ClienteRegistrado
from canales.infraestructura import repositorio
from chasis.errores import NoEncontrado, PeticionInvalida
from chasis.eventos import emitir

MAYOR_NOMBRE, MAYOR_TIPO_DE_SERVICIO = 100, 50  # caracteres; lo que llega de otro servicio se recorta a esto


def registrar_cliente(conexion: Connection, nombre: str, tipo_servicio: str) -> int:
    """Da de alta un cliente y devuelve su id; dos clientes pueden llamarse igual."""
    nuevo = repositorio.insertar_cliente(conexion, nombre, tipo_servicio, _ahora())
    suceso = ClienteRegistrado(nuevo, nombre, tipo_servicio)
    emitir(conexion, TEMA, suceso, clave=str(nuevo), secuencia=0)
    return nuevo


def registrar_cliente_de(
    conexion: Connection, origen: str, clave: str, nombre: str, tipo_servicio: str
) -> int:
    """Cliente que otro servicio conoce por `clave`: el que ya se registró por él, o uno nuevo."""
    conocido = repositorio.cliente_de(conexion, origen, clave)
    if conocido is not None:
        return conocido
    nuevo = registrar_cliente(conexion, nombre[:MAYOR_NOMBRE], tipo_servicio[:MAYOR_TIPO_DE_SERVICIO])
    repositorio.recordar_cliente_de(conexion, origen, clave, nuevo)
    return nuevo


def cliente_conocido_de(conexion: Connection, origen: str, clave: str) -> int:
    """El cliente que otro servicio conoce por `clave`; `NoEncontrado` si nunca nos habló de él."""
    conocido = repositorio.cliente_de(conexion, origen, clave)
    if conocido is None:
        raise NoEncontrado(f"No hay ningún cliente de {origen} con esa clave")
    return conocido


def obtener_cliente(conexion: Connection, cliente_id: int) -> dict[str, object]:
    """El objeto de la API, o `NoEncontrado`."""
    cliente = repositorio.cliente(conexion, cliente_id)
    if cliente is None:
        raise NoEncontrado(f"El cliente con id {cliente_id} no existe")
    return cliente


def registrar_canal(conexion: Connection, tipo: str, contenido: str, cliente_id: int) -> int:
    """Anota un correo o una llamada de un cliente; que el cliente no exista es un error de la petición (400)."""
    if repositorio.cliente(conexion, cliente_id) is None:
        raise PeticionInvalida(f"El cliente con id {cliente_id} no existe", campo="cliente_id")
    momento = _ahora()
    nuevo = repositorio.insertar_canal(conexion, tipo, contenido, cliente_id, momento)
    # Los ids crecen, así que el del canal ordena los sucesos de su cliente; el alta del cliente es el 0.
    suceso = CanalRegistrado(nuevo, cliente_id, tipo, momento)
    emitir(conexion, TEMA, suceso, clave=str(cliente_id), secuencia=nuevo)
    return nuevo


def _ahora() -> datetime:
    """UTC sin zona ni fracción, como muestra el README (`2024-09-08T12:34:56`)."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
