"""Lo que devuelve la API del portal."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from portal.aplicacion.estado import Situacion


class EstadoDeServicio(BaseModel):
    nombre: str
    titulo: str
    estado: Situacion
    version: str | None
    latencia_ms: int | None
    motivos: list[str]


class EstadoDeTodos(BaseModel):
    servicios: list[EstadoDeServicio]
    consultado_en: datetime
