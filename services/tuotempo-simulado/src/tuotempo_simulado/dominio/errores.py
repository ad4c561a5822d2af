"""Las excepciones con que contesta TuoTempo: HTTP 200 y `result: "EXCEPTION"`."""

from __future__ import annotations

from chasis.errores import ErrorDeServicio

SIN_HUECOS = "<b>No se ha encontrado ninguna disponibilidad para los criterios seleccionados</b>"

RECURSO_NO_PERMITIDO = "TUOTEMPO_RESOURCE_NOT_ALLOWED"
MAXIMO_POR_DIA = "TUOTEMPO_MAX_RES_BOOKED_ONLINE"
CONFLICTO_DE_CLINICA = "PROVIDER_RESERVATION_CONFLICT_ERROR"
CONFLICTO_DE_USUARIO = "MEMBER_RESERVATION_CONFLICT_ERROR"
RESERVA_FALLIDA = "TUOTEMPO_RESERVATION_EXCEPTION"
PLAZO_DEL_PORTAL = "PORTAL_TIMEOUT"

TEXTOS = {
    RECURSO_NO_PERMITIDO: SIN_HUECOS,
    MAXIMO_POR_DIA: "Ya tiene una cita reservada para este día",
    CONFLICTO_DE_CLINICA: "El hueco seleccionado ya no está disponible",
    CONFLICTO_DE_USUARIO: "Ya tiene otra cita a esa misma hora",
    RESERVA_FALLIDA: "Reserva no disponible",
    PLAZO_DEL_PORTAL: SIN_HUECOS,
}


class Excepcion(ErrorDeServicio):
    """`codigo` va en la clave `exception`; vacío, como hace el proveedor cuando no sabe decir más."""

    estado = 200
    codigo = ""

    def __init__(self, codigo: str, texto: str | None = None) -> None:
        super().__init__(texto or TEXTOS.get(codigo, "Error desconocido"), codigo=codigo)
