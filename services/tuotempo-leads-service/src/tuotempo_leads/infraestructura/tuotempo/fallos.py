"""Qué ha ido mal, con un motivo que se puede tratar: lo que dice TuoTempo y lo que pasa antes de que diga nada."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tuotempo_leads.infraestructura.tuotempo.lectura import memberid, sin_html

# Códigos de lo que no llega a contestar TuoTempo; van en `exception`, como los suyos.
SIN_CONEXION = "CLIENT_CONNECTION_ERROR"
SIN_RESPUESTA = "CLIENT_TIMEOUT"
ILEGIBLE = "CLIENT_INVALID_RESPONSE"
_TEXTOS = {
    SIN_CONEXION: "No se ha podido conectar con TuoTempo",
    SIN_RESPUESTA: "TuoTempo no ha contestado a tiempo",
    ILEGIBLE: "Respuesta inválida de la API",
}


class Motivo(StrEnum):
    """Por qué no se consiguió lo pedido."""

    SIN_HUECOS = "sin_huecos"
    LIMITE_DIARIO = "limite_diario"
    HUECO_OCUPADO = "hueco_ocupado"
    RESERVA_RECHAZADA = "reserva_rechazada"
    PORTAL_LENTO = "portal_lento"
    SIN_CONEXION = "sin_conexion"
    SIN_RESPUESTA = "sin_respuesta"
    ILEGIBLE = "ilegible"
    OTRO = "otro"


_MOTIVOS: Mapping[str, tuple[Motivo, int]] = {
    "TUOTEMPO_RESOURCE_NOT_ALLOWED": (Motivo.SIN_HUECOS, 404),
    "TUOTEMPO_MAX_RES_BOOKED_ONLINE": (Motivo.LIMITE_DIARIO, 409),
    "PROVIDER_RESERVATION_CONFLICT_ERROR": (Motivo.HUECO_OCUPADO, 409),
    "MEMBER_RESERVATION_CONFLICT_ERROR": (Motivo.HUECO_OCUPADO, 409),
    "TUOTEMPO_RESERVATION_EXCEPTION": (Motivo.RESERVA_RECHAZADA, 502),
    "PORTAL_TIMEOUT": (Motivo.PORTAL_LENTO, 504),
    SIN_CONEXION: (Motivo.SIN_CONEXION, 502),
    SIN_RESPUESTA: (Motivo.SIN_RESPUESTA, 504),
    ILEGIBLE: (Motivo.ILEGIBLE, 502),
}
_REINTENTABLES = {SIN_CONEXION, ILEGIBLE}


@dataclass(frozen=True)
class Fallo:
    """Un fallo ya clasificado.

    `codigo` es la `exception` de TuoTempo; `mensaje`, su texto sin HTML; `estado`, el HTTP que le corresponde;
    `incierto`, que la reserva o el alta quizá sí tuvo lugar: no debe repetirse sin más ni decir que no se hizo.
    """

    motivo: Motivo
    codigo: str
    mensaje: str
    estado: int
    incierto: bool = False


def clasificar(respuesta: Mapping[str, Any]) -> Fallo | None:
    """El fallo que trae una respuesta del cliente, o `None` si salió bien (un alta ocasional no trae `result`)."""
    if respuesta.get("result") == "OK" or memberid(respuesta):
        return None
    codigo = str(respuesta.get("exception") or "")
    motivo, estado = _MOTIVOS.get(codigo, (Motivo.OTRO, 502))
    mensaje = sin_html(respuesta.get("msg")) or "Unknown error"
    return Fallo(motivo, codigo, mensaje, estado, incierto=respuesta.get("outcome_unknown") is True)


def local(codigo: str, detalles: str, *, incierto: bool = False) -> dict[str, Any]:
    """Una respuesta con la forma de las de TuoTempo para cuando no hay ninguna suya que dar."""
    return {
        "result": "ERROR",
        "return": [],
        "msg": _TEXTOS[codigo],
        "exception": codigo,
        "details": detalles,
        "outcome_unknown": incierto,
    }


def es_reintentable(respuesta: Mapping[str, Any]) -> bool:
    """Si repetir una lectura puede ir mejor: quien agotó el plazo una vez no espera otro."""
    return respuesta.get("exception") in _REINTENTABLES


def accion_recomendada(fallo: Fallo) -> str:
    """Qué hacer, en inglés y con los textos de siempre."""
    if fallo.motivo is Motivo.SIN_HUECOS:
        return (
            "No slots found for the specified criteria. Try again with different filters or contact an agent."
        )
    if fallo.motivo is Motivo.HUECO_OCUPADO:
        return "The slot is no longer available. Please try selecting another available slot."
    if fallo.motivo is Motivo.LIMITE_DIARIO:
        return fallo.mensaje
    return f"An error occurred: {fallo.mensaje}"
