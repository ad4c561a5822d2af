"""Lo que devuelve la API del portal."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from portal.aplicacion.estado import Situacion


class EventosSinEntregar(BaseModel):
    pendientes: int
    mas_antiguo_s: float
    en_espera: int
    muertos: int
    alerta: bool


class EstadoDeServicio(BaseModel):
    nombre: str
    titulo: str
    estado: Situacion
    version: str | None
    latencia_ms: int | None
    motivos: list[str]
    eventos: EventosSinEntregar | None


class EstadoDeTodos(BaseModel):
    servicios: list[EstadoDeServicio]
    consultado_en: datetime
