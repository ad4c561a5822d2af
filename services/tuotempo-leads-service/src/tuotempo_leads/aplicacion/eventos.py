"""Lo que tuotempo-leads-service publica; `telefono` son las nueve cifras que aquí reconocen a una persona."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class LeadsImportados:
    """Una hoja terminó de importarse; los cinco recuentos suman `total`."""

    importacion_id: str
    archivo: str
    modo: str
    total: int
    creadas: int
    actualizadas: int
    sin_cambios: int
    omitidas: int
    erroneas: int


@dataclass(frozen=True)
class ResultadoLlamadaActualizado:
    """Se anotó el resultado de una llamada; los niveles son los que quedan en el contacto."""

    lead_ref: str
    llamada_id: int
    telefono: str
    nombre: str
    status_level_1: str | None
    status_level_2: str | None
    con_pack: bool
    momento: datetime


@dataclass(frozen=True)
class RellamadaProgramada:
    """Hay que volver a llamar en `momento`; sustituye a la que hubiera."""

    lead_ref: str
    telefono: str
    momento: datetime
    codigo: str | None


@dataclass(frozen=True)
class CitaConfirmada:
    """La clínica ha dado la cita; `inicio` lleva la zona de la clínica. Sin contacto, sin `lead_ref`."""

    cita_id: str
    lead_ref: str | None
    telefono: str
    nombre: str
    centro: str
    inicio: datetime
    con_pack: bool


TEMA = "leads"
PUBLICA = {TEMA: (LeadsImportados, ResultadoLlamadaActualizado, RellamadaProgramada, CitaConfirmada)}
_UN_MOMENTO = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EJEMPLOS = (
    LeadsImportados(
        "0198c0de-0000-7000-8000-000000000001", "contactos.xlsx", "reemplazar", 10, 6, 1, 1, 1, 1
    ),
    ResultadoLlamadaActualizado(
        "7", 31, "600123456", "Ana Demo", "Volver a llamar", "buzón", False, _UN_MOMENTO
    ),
    RellamadaProgramada("7", "600123456", _UN_MOMENTO, "buzon"),
    CitaConfirmada(
        *("0198c0de-0000-7000-8000-000000000002", "7", "600123456", "Ana Demo", "Clínica Demo Centro"),
        inicio=_UN_MOMENTO,
        con_pack=True,
    ),
)
