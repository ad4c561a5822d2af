"""Eventos de otros servicios que canales-service convierte en clientes y canales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True)
class ResultadoLlamadaActualizado:
    telefono: str
    nombre: str
    status_level_1: str | None
    status_level_2: str | None


def registrar_llamada(conexion: Connection, datos: ResultadoLlamadaActualizado, _: Evento) -> None:
    """Cada llamada del call center es una entrada del cliente de ese teléfono."""
    estado = " · ".join(filter(None, (datos.status_level_1, datos.status_level_2)))
    _anotar_llamada(conexion, datos.telefono, datos.nombre, f"Llamada: {estado or 'sin estado'}")


@dataclass(frozen=True)
class CitaConfirmada:
    telefono: str
    nombre: str
    centro: str
    inicio: datetime


def registrar_cita(conexion: Connection, datos: CitaConfirmada, _: Evento) -> None:
    """La cita se dice con la hora de reloj de la clínica, que es con la que llega."""
    texto = f"Cita confirmada {datos.inicio:%d/%m/%Y %H:%M}"
    _anotar_llamada(
        conexion, datos.telefono, datos.nombre, f"{texto} en {datos.centro}" if datos.centro else texto
    )


def _anotar_llamada(conexion: Connection, telefono: str, nombre: str, contenido: str) -> None:
    cliente_id = casos.registrar_cliente_de(
        conexion, "leads", telefono, nombre.strip() or "Contacto sin nombre", "call center"
    )
    casos.registrar_canal(conexion, "llamada", contenido, cliente_id)


@dataclass(frozen=True)
class PagoProcesado:
    cod_transaccion: str
    documento_ref: str
    cliente: str
    moneda: int
    total: str
    comision: str
    movimientos: list[str]
    recibo: str


@dataclass(frozen=True)
class PagoAnulado:
    cod_transaccion: str
    documento_ref: str
    movimientos: list[str]


def anotar_pago(conexion: Connection, datos: PagoProcesado, _: Evento) -> None:
    """El recibo de un pago, como correo del cliente de ese documento; si aún no lo conocíamos, se registra."""
    cliente_id = casos.registrar_cliente_de(
        conexion, "espacio", datos.documento_ref, datos.cliente, "Espacio Clientes"
    )
    texto = (
        f"Recibo {datos.recibo}: pago {datos.cod_transaccion} de {datos.total} en la moneda {datos.moneda} "
        f"(comisión incluida: {datos.comision}). Movimientos: {', '.join(datos.movimientos)}."
    )
    casos.registrar_canal(conexion, "email", texto, cliente_id)


def anotar_anulacion(conexion: Connection, datos: PagoAnulado, _: Evento) -> None:
    """La anulación, como otro correo del mismo cliente; el pago se contó antes, con la misma clave."""
    cliente_id = casos.cliente_conocido_de(conexion, "espacio", datos.documento_ref)
    movimientos = ", ".join(datos.movimientos)
    texto = (
        f"Pago {datos.cod_transaccion} anulado. Vuelven a estar pendientes los movimientos: {movimientos}."
    )
    casos.registrar_canal(conexion, "email", texto, cliente_id)


MANEJADORES = (
    Manejador("clientes", ClienteGuardado, registrar_cliente_guardado),
    Manejador("leads", ResultadoLlamadaActualizado, registrar_llamada),
    Manejador("leads", CitaConfirmada, registrar_cita),
    Manejador("pagos", PagoProcesado, anotar_pago),
    Manejador("pagos", PagoAnulado, anotar_anulacion),
)
