"""Qué pasa con la rellamada de un contacto cuando se anota una llamada; siempre dentro de esa transacción.

Hay como mucho una pendiente por contacto. Gana la hora que se diga; sin ella, un código de «volver a llamar» la
programa solo, dentro del horario legal, hasta agotar los intentos. A un número excluido no se le programa ninguna.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from chasis.eventos import emitir
from tuotempo_leads.aplicacion.eventos import TEMA, RellamadaProgramada
from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.fechas import a_utc
from tuotempo_leads.dominio.reciclado import AGOTADO, Reglas
from tuotempo_leads.dominio.resultado import Resultado, es_final
from tuotempo_leads.infraestructura import repositorio


@dataclass(frozen=True)
class Rellamada:
    """Cuándo (UTC sin zona), por qué código y con qué motivo hay que volver a llamar."""

    momento: datetime
    codigo: str | None
    motivo: str | None


@dataclass(frozen=True)
class Plan:
    """Lo que le toca al contacto: una rellamada nueva, o cerrar la que tenga; `agotado`, que no se le llame más."""

    nueva: Rellamada | None = None
    cierre: str | None = None
    agotado: bool = False

    @property
    def cambios(self) -> dict[str, Any]:
        """Columnas del contacto que cambian con el plan."""
        if self.agotado:
            return {"lead_status": "closed", "closure_reason": AGOTADO}
        return {"lead_status": "open", "closure_reason": None} if self.nueva else {}


def planear(
    lead: Any, resultado: Resultado, momento: datetime, zona: ZoneInfo, reglas: Reglas, *, excluido: bool
) -> Plan:
    """Qué hacer tras una llamada a `lead` (con sus intentos anteriores), hecha en `momento`."""
    if excluido:
        return Plan(cierre="cancelada")
    motivo, codigo = resultado.razon_vuelta_a_llamar, resultado.codigo_volver_llamar
    if resultado.hora_rellamada:
        return Plan(Rellamada(a_utc(resultado.hora_rellamada, zona), codigo, motivo))
    uno, dos = resultado.niveles(bool(lead.conPack))
    if es_final(uno or lead.status_level_1):
        return Plan(cierre="cancelada")
    codigo = codigo or estados.codigo_de(uno, dos)
    cuando = reglas.siguiente(codigo, lead.telefono, momento) if codigo else None
    if cuando is None:
        return Plan()
    if reglas.agota(lead.call_attempts_count + 1):
        return Plan(cierre="cancelada", agotado=True)
    return Plan(Rellamada(cuando, codigo, motivo))


def cumplir(conexion: Connection, lead: Any, telefono: str, plan: Plan, momento: datetime) -> None:
    """Cierra la rellamada que tuviera y programa la nueva, con su evento."""
    if plan.nueva is None:
        if plan.cierre:
            repositorio.cerrar_rellamada(conexion, lead.id, plan.cierre, momento)
        return
    repositorio.cerrar_rellamada(conexion, lead.id, "sustituida", momento)
    valores = {**vars(plan.nueva), "agente_id": lead.agente_id, "creada_en": momento}
    repositorio.programar_rellamada(conexion, lead.id, valores)
    cuando = plan.nueva.momento.replace(tzinfo=UTC)
    suceso = RellamadaProgramada(str(lead.id), telefono, cuando, plan.nueva.codigo)
    emitir(conexion, TEMA, suceso, clave=str(lead.id), secuencia=lead.version + 2)
