"""Lo que se le pide a la agenda, leído del formato de TuoTempo: fechas DD/MM/AAAA, horas HH:MM y nombres dispares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chasis.errores import PeticionInvalida
from tuotempo_simulado.dominio.errores import RESERVA_FALLIDA, Excepcion

_OBLIGATORIOS = ("userid", "resourceid", "start_date", "starttime", "endtime", "activityid")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Busqueda:
    """`fecha_iso`: llegó AAAA-MM-DD, que TuoTempo no rechaza y contesta con huecos de diciembre de 2030."""

    clinica_id: str
    actividad_id: str
    desde: date | None = None
    fecha_iso: bool = False
    recurso_id: str | None = None
    desde_minuto: int = 0
    hasta_minuto: int = 24 * 60


@dataclass(frozen=True)
class Peticion:
    """Una reserva pedida; `fin` y `sesion` han de ser los del hueco."""

    usuario_id: str
    recurso_id: str
    actividad_id: str
    inicio: datetime
    fin: datetime
    sesion: str | None
    telefono: str


def leer_fecha(texto: str) -> tuple[date | None, bool]:
    """La fecha de `start_date` (DD/MM/AAAA o DD-MM-AAAA), y si venía en ISO."""
    if _ISO.fullmatch(texto):
        return None, True
    try:
        return datetime.strptime(texto.replace("-", "/"), "%d/%m/%Y").date(), False
    except ValueError:
        raise PeticionInvalida(
            "El campo 'start_date' debe ser una fecha DD/MM/AAAA", campo="start_date"
        ) from None


def leer_reserva(cuerpo: Mapping[str, object]) -> Peticion:
    """Acepta `Communication_phone` y `communication_phone`: el proveedor no distingue mayúsculas en las claves."""
    datos = {clave.lower(): valor for clave, valor in cuerpo.items()}
    textos = {campo: _texto(datos, campo) for campo in _OBLIGATORIOS}
    sesion = datos.get("provider_session_id")
    return Peticion(
        usuario_id=textos["userid"],
        recurso_id=textos["resourceid"],
        actividad_id=textos["activityid"],
        inicio=_momento(textos["start_date"], textos["starttime"]),
        fin=_momento(textos["start_date"], textos["endtime"]),
        sesion=str(sesion) if sesion else None,
        telefono=str(datos.get("communication_phone") or ""),
    )


def _texto(datos: Mapping[str, object], campo: str) -> str:
    valor = datos.get(campo)
    if not isinstance(valor, str) or not valor.strip():
        raise Excepcion(RESERVA_FALLIDA, f"Falta el campo {campo}")
    return valor.strip()


def _momento(fecha: str, hora: str) -> datetime:
    try:
        return datetime.strptime(f"{fecha} {hora}", "%d/%m/%Y %H:%M")
    except ValueError:
        raise Excepcion(RESERVA_FALLIDA) from None
