"""Qué leads se piden: los mismos filtros para una lista, una búsqueda y una exportación."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.dominio import estados
from tuotempo_leads.infraestructura import palabras
from tuotempo_leads.infraestructura.tablas import leads

_CODIGOS = {**estados.CODIGOS_NO_INTERES, **estados.CODIGOS_VOLVER_A_LLAMAR}
_CON_NOMBRE = (estados.CITA_AGENDADA, estados.NO_INTERESADO, estados.VOLVER_A_LLAMAR)


@dataclass(frozen=True)
class FiltroDeLeads:
    """Lo que no se dice no filtra. `q` son principios de palabra de nombres, clínica y NIF, o un teléfono.

    `estado` admite además `contactado`, `sin-llamar` y `otros`, y `subestado`, `otros`; `codigo` es el de un
    resultado («buzon»); `provincia`, las dos primeras cifras del postal; las horas son UTC y la de fin no entra.
    """

    q: str | None = None
    estado: str | None = None
    subestado: str | None = None
    resultado: str | None = None
    con_pack: bool | None = None
    origen: str | None = None
    codigo: str | None = None
    provincia: str | None = None
    llamada_desde: datetime | None = None
    llamada_hasta: datetime | None = None
    intentos_desde: int | None = None
    intentos_hasta: int | None = None
    agente_id: int | None = None
    sin_agente: bool | None = None

    def aplicar(self, consulta: sa.Select[Any]) -> sa.Select[Any]:
        """`consulta` (sobre `leads`) con las condiciones de este filtro."""
        exactos = {
            leads.c.resultado_llamada: self.resultado,
            leads.c.conPack: self.con_pack,
            leads.c.origen_archivo: self.origen,
        }
        consulta = consulta.where(
            *(columna == valor for columna, valor in exactos.items() if valor not in (None, ""))
        )
        consulta = consulta.where(*self._de_estado(), *self._de_rango())
        return consulta.where(palabras.buscar(self.q.strip())) if self.q and self.q.strip() else consulta

    def _de_estado(self) -> Iterator[sa.ColumnElement[bool]]:
        uno, dos = leads.c.status_level_1, leads.c.status_level_2
        if self.estado:
            especiales = {
                estados.SIN_LLAMAR: sa.or_(uno.is_(None), uno == ""),
                estados.CONTACTADO: uno > "",
                estados.OTROS: sa.and_(uno > "", uno.not_in(_CON_NOMBRE)),
            }
            yield especiales.get(self.estado, uno == self.estado)
        if self.subestado == estados.OTROS:
            conocidos = estados.SUBESTADOS.get(self.estado or "", ())
            yield sa.or_(dos.is_(None), dos.not_in(conocidos))
        elif self.subestado:
            yield dos == self.subestado
        if niveles := _CODIGOS.get(self.codigo or ""):
            yield sa.and_(uno == niveles[0], dos == niveles[1])

    def _de_rango(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.provincia:
            yield leads.c.codigo_postal.between(self.provincia, f"{self.provincia}999")
        if self.llamada_desde:
            yield leads.c.call_time >= self.llamada_desde
        if self.llamada_hasta:
            yield leads.c.call_time < self.llamada_hasta
        if self.intentos_desde is not None:
            yield leads.c.call_attempts_count >= self.intentos_desde
        if self.intentos_hasta is not None:
            yield leads.c.call_attempts_count <= self.intentos_hasta
        if self.sin_agente:
            yield leads.c.agente_id.is_(None)
        elif self.agente_id is not None:
            yield leads.c.agente_id == self.agente_id
