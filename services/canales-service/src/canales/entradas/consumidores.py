"""Eventos de otros servicios que canales-service convierte en clientes y canales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from canales.aplicacion import casos
from chasis.eventos import Evento, Manejador


@dataclass(frozen=True)
class ClienteGuardado:
    nombre: str
    creado: bool
    documento: dict[str, Any]


def registrar_cliente_guardado(conexion: Connection, datos: ClienteGuardado, _: Evento) -> None:
    """Un cliente nuevo del almacén es también un cliente de aquí; los cambios posteriores no lo tocan."""
    if datos.creado:
        casos.registrar_cliente_de(
            conexion, "clientes", datos.nombre, datos.nombre, _servicio(datos.documento)
        )


def _servicio(documento: dict[str, Any]) -> str:
    """El primer servicio contratado, si lo hay: el documento lo escribió otro y admite cualquier forma."""
    servicios = documento.get("servicios")
    primero = servicios[0] if isinstance(servicios, list) and servicios else None
    descripcion = primero.get("descripcion") if isinstance(primero, dict) else None
    return descripcion if isinstance(descripcion, str) and descripcion.strip() else "sin servicio"


MANEJADORES = (Manejador("clientes", ClienteGuardado, registrar_cliente_guardado),)
