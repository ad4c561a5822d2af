"""Eventos de otros servicios que customer_service convierte en clientes y servicios contratados."""

from __future__ import annotations

from dataclasses import dataclass

from chasis.errores import Conflicto
from chasis.eventos import Evento, Manejador
from customer_service.aplicacion.casos import Clientes


@dataclass(frozen=True)
class CitaConfirmada:
    cita_id: str
    telefono: str
    nombre: str
    con_pack: bool


def manejadores(clientes: Clientes) -> tuple[Manejador, ...]:
    def contratar_cita(datos: CitaConfirmada, _: Evento) -> None:
        """El cliente de la cita, nuevo o conocido, pasa a tenerla contratada.

        El documento no vive en esta base de datos: es la operación, que lleva el id de la cita, la que hace que
        repetirlo no tenga un segundo efecto.
        """
        nombre = datos.nombre.strip() or datos.telefono
        servicio, operacion = "Pack dental" if datos.con_pack else "Cita dental", f"cita-{datos.cita_id}"
        try:
            clientes.crear(nombre, datos.telefono, servicio, operacion=f"{operacion}-alta")
        except Conflicto:
            clientes.agregar_servicio(nombre, servicio, operacion=f"{operacion}-servicio")

    return (Manejador("leads", CitaConfirmada, contratar_cita, en_transaccion=False),)
