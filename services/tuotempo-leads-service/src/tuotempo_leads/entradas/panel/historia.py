"""La historia de un lead como una sola lista, lo último primero: llamadas, estados, rellamadas, citas y agentes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tuotempo_leads.dominio.estados import CODIGOS_VOLVER_A_LLAMAR
from tuotempo_leads.dominio.fechas import de_utc

_FORMA = "%d/%m/%Y %H:%M"
_ORIGENES = {"api": "el bot o el CRM", "panel": "el panel"}
_DE_CITA = {
    "en_curso": "Cita pedida, esperando a TuoTempo",
    "confirmada": "Cita confirmada",
    "rechazada": "Cita rechazada",
    "desconocida": "Cita sin respuesta: se está comprobando",
}
_DE_RELLAMADA = {
    "pendiente": "Rellamada pendiente",
    "sustituida": "Rellamada cambiada por otra",
    "cancelada": "Rellamada cancelada",
}


@dataclass(frozen=True)
class Suceso:
    """Algo que pasó: `momento` es UTC; `clase`, llamada, estado, rellamada, cita o reparto."""

    momento: datetime
    clase: str
    titulo: str
    detalles: tuple[str, ...]
    quien: str


def ordenar(
    llamadas: Iterable[Any],
    cambios: Iterable[Any],
    rellamadas: Iterable[Any],
    citas: Iterable[Any],
    repartos: Iterable[Any],
    *,
    zona: ZoneInfo,
) -> list[Suceso]:
    """Todos, el más reciente primero; a la misma hora, el efecto (el estado, la rellamada) encima de la llamada."""
    todos = [
        *(_de_rellamada(una, zona) for una in rellamadas),
        *map(_de_cambio, cambios),
        *(_de_cita(una, zona) for una in citas),
        *map(_de_llamada, llamadas),
        *map(_de_reparto, repartos),
    ]
    return sorted(todos, key=lambda suceso: suceso.momento, reverse=True)


def _de_llamada(una: Any) -> Suceso:
    estado = " · ".join(filter(None, (una.status_level_1, una.status_level_2)))
    return Suceso(
        una.momento, "llamada", f"Llamada: {estado or 'sin estado'}", tuple(_dicho(una)), _quien(una)
    )


def _dicho(una: Any) -> Iterator[str]:
    if una.cita:
        yield f"Cita el {una.cita:{_FORMA}}"
    if una.hora_rellamada:
        yield f"Pidió que le llamaran el {una.hora_rellamada:{_FORMA}}"
    if una.conPack is not None:
        yield "Con pack" if una.conPack else "Sin pack"
    if una.error_tecnico:
        yield "Hubo un error técnico"
    yield from filter(None, (una.razon_vuelta_a_llamar, una.razon_no_interes))


def _de_cambio(uno: Any) -> Suceso:
    antes = " · ".join(filter(None, (uno.de_nivel_1, uno.de_nivel_2))) or "Sin llamar"
    ahora = " · ".join(filter(None, (uno.a_nivel_1, uno.a_nivel_2))) or "Sin estado"
    return Suceso(uno.momento, "estado", f"{antes} → {ahora}", (), _quien(uno))


def _de_rellamada(una: Any, zona: ZoneInfo) -> Suceso:
    titulo = f"{_DE_RELLAMADA.get(una.estado, una.estado)}, para el {de_utc(una.momento, zona):{_FORMA}}"
    detalles = tuple(
        filter(None, (una.motivo, una.codigo and f"Por: {CODIGOS_VOLVER_A_LLAMAR[una.codigo][1]}"))
    )
    return Suceso(una.creada_en, "rellamada", titulo, detalles, f"para {una.usuario}" if una.usuario else "")


def _de_cita(una: Any, zona: ZoneInfo) -> Suceso:
    titulo = f"{_DE_CITA.get(una.estado, una.estado)}, {de_utc(una.inicio, zona):{_FORMA}}"
    detalles = tuple(filter(None, (una.centro, una.actividad, una.recurso, una.mensaje)))
    return Suceso(una.creada_en, "cita", titulo, detalles, una.usuario or "")


def _de_reparto(uno: Any) -> Suceso:
    antes, ahora = (nombre or "sin asignar" for nombre in (uno.de, uno.a))
    return Suceso(uno.momento, "reparto", f"Agente: {antes} → {ahora}", (), uno.usuario or "")


def _quien(uno: Any) -> str:
    return str(uno.usuario or _ORIGENES.get(uno.origen, uno.origen))
