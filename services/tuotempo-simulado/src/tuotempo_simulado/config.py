"""Variables de entorno de tuotempo-simulado."""

from __future__ import annotations

from pydantic import Field

from chasis.config import AjustesBase


class Ajustes(AjustesBase):
    puerto: int = Field(5010, alias="PORT", description="Puerto de escucha")
    instancia: str = Field(
        "tt_portal_adeslas", alias="TUOTEMPO_INSTANCE_ID", description="Instancia del portal que se simula"
    )
    latencia_ms: int = Field(
        0, alias="SIMULADO_LATENCIA_MS", ge=0, le=60_000, description="Milisegundos que tarda cada respuesta"
    )
