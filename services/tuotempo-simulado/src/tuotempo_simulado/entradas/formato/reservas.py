"""Usuarios y reservas."""

from __future__ import annotations

from typing import Any

from tuotempo_simulado.dominio.personas import Reserva, Usuario
from tuotempo_simulado.entradas.formato.huecos import avisos, cuando, etiquetas, lugar
from tuotempo_simulado.entradas.formato.sobre import correcto, tiempos


def usuario(usuario: Usuario) -> dict[str, Any]:
    """El alta ocasional llega sin sobre; la de una cuenta, con él, sin sesión y habiendo enviado un SMS."""
    datos = {
        "fname": usuario.nombre,
        "lname": usuario.apellidos,
        "privacy": "1",
        "birthday": usuario.nacimiento,
        "phone": usuario.telefono,
        "memberid": usuario.id,
    }
    if not usuario.ocasional:
        return correcto(datos, sms=True, register=True, waiting=60, attemptNum=1)
    identidad = {"onetime_user": "1", "sessionid": usuario.sesion}
    return {
        "access_token": usuario.sesion,
        "token_type": "bearer",
        "user_info": datos | identidad,
        **tiempos(),
    }


def confirmada(reserva: Reserva) -> dict[str, Any]:
    """`return` es el identificador, y los datos de la cita se repiten dentro y fuera de `additional_return`."""
    datos = _reserva(reserva)
    adicional = {
        "reservations": {reserva.id: datos},
        "messages": {},
        "reminders": {},
        "checkin": {},
        "mop_configurations": {},
    }
    sobre = correcto(reserva.id, "Su cita ha sido confirmada correctamente", additional_return=adicional)
    return sobre | datos | {"warnings": [], "ticket": None, "sincro_on": True}


def anulada(reserva: Reserva) -> dict[str, Any]:
    return correcto(reserva.id, "Su cita ha sido anulada correctamente")


def _reserva(reserva: Reserva) -> dict[str, Any]:
    hueco, usuario = reserva.hueco, reserva.usuario
    return {
        "resid": reserva.id,
        **cuando(hueco),
        **lugar(hueco),
        "province": hueco.clinica.provincia,
        "country": "SPAIN",
        "area_phone": None,
        "activityid": hueco.actividad.id,
        "member_activityid": hueco.actividad.id_en(hueco.clinica.miembro),
        "portal_activityid": hueco.actividad.id,
        "typologyid": hueco.actividad.tipologia_id,
        "status_code": 0,
        "status_string": "RES_APPROVED",
        "is_pending": 0,
        "is_cancellable": 1,
        "is_reschedulable": 1,
        "is_confirmable": 1,
        "memberid": usuario.id,
        "portal_memberid": usuario.id,
        "fname": usuario.nombre,
        "lname": usuario.apellidos,
        "owner_name": f"{usuario.nombre} {usuario.apellidos}",
        "owner_phone": usuario.telefono,
        "phone": reserva.telefono_de_contacto,
        "price": 0,
        "payment_required": 0,
        "duration": "30",
        "notices": avisos(),
        "tags": etiquetas(),
    }
