"""Las respuestas de TuoTempo como las necesitan los casos de uso: o sirven, o son un error con su estado HTTP."""

from __future__ import annotations

from typing import Any

from chasis.errores import ErrorDeServicio
from tuotempo_leads.infraestructura.tuotempo import Fallo, clasificar, resultados

Respuesta = dict[str, Any]
CONFLICTO = "PROVIDER_RESERVATION_CONFLICT_ERROR"


class ErrorDeTuoTempo(ErrorDeServicio):
    """TuoTempo dijo que no, no contestó o no se le entendió; `cuerpo` es lo que se recibió, con sus claves."""

    def __init__(self, fallo: Fallo, cuerpo: Respuesta, *, prefijo: str = "") -> None:
        super().__init__(prefijo + fallo.mensaje, codigo=fallo.codigo or "TUOTEMPO")
        self.estado = fallo.estado
        self.fallo = fallo
        self.cuerpo = cuerpo

    def contado(self, prefijo: str) -> ErrorDeTuoTempo:
        """El mismo, con el texto de una ruta del README y sin las claves de TuoTempo."""
        return ErrorDeTuoTempo(self.fallo, {}, prefijo=f"{prefijo}: ")


def exigir_correcta(respuesta: Respuesta, **mas: object) -> Respuesta:
    """La misma respuesta si salió bien; si no, `ErrorDeTuoTempo`, con `mas` añadido a su cuerpo."""
    fallo = clasificar(respuesta)
    if fallo is not None:
        raise ErrorDeTuoTempo(fallo, {**respuesta, **mas})
    return respuesta


def rechazo(codigo: str, texto: str, **mas: object) -> ErrorDeTuoTempo:
    """El error que daría TuoTempo, cuando se sabe su respuesta sin preguntarle."""
    cuerpo = {"result": "EXCEPTION", "return": [], "msg": texto, "exception": codigo, **mas}
    fallo = clasificar(cuerpo)
    assert fallo is not None  # noqa: S101 — una excepción siempre es un fallo
    return ErrorDeTuoTempo(fallo, cuerpo)


def huecos(respuesta: Respuesta) -> list[Respuesta]:
    """Los huecos por hora de comienzo: TuoTempo los da agrupados por profesional."""
    return sorted(resultados(respuesta, "availabilities"), key=_comienzo)


def _comienzo(hueco: Respuesta) -> tuple[str, str, str]:
    dia = "".join(reversed(str(hueco.get("start_date") or "").split("/")))
    return dia, str(hueco.get("startTime") or ""), str(hueco.get("resourceid") or "")
