"""Variables de entorno del portal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model

from chasis.config import AjustesBase
from portal.servicios import SERVICIOS

_DEL_REPOSITORIO = Path(__file__).resolve().parents[4] / "contracts"
_DIRECCIONES = re.compile(r"https?://[^\s,]+(,https?://[^\s,]+)*")


def _se_entienden(valor: str) -> str:
    if not _DIRECCIONES.fullmatch(valor):
        raise ValueError("debe ser http://dirección, o varias con comas y sin espacios")
    return valor


# Las mismas variables que lee el gateway, que no admite ni espacios ni una coma de más.
Direcciones = Annotated[str, AfterValidator(_se_entienden)]


def _direcciones() -> dict[str, tuple[str, ...]]:
    """Dónde vive cada servicio. Un campo por fila de la tabla, para que añadir un servicio no toque nada más."""
    campos: dict[str, Any] = {
        servicio.nombre: (Direcciones, Field(servicio.direccion, alias=servicio.variable))
        for servicio in SERVICIOS
    }
    leidas = create_model("DireccionesDeLosServicios", __base__=AjustesBase, **campos).cargar()
    return {s.nombre: _separar(getattr(leidas, s.nombre)) for s in SERVICIOS}


def _separar(direcciones: str) -> tuple[str, ...]:
    return tuple(direccion.rstrip("/") for direccion in direcciones.split(","))


class Ajustes(AjustesBase):
    puerto: int = Field(5080, alias="PORT", description="Puerto de escucha")
    contratos: Path | None = Field(
        None, alias="CONTRATOS_DIR", description="Carpeta de los contratos; vacía, la del repositorio"
    )
    direcciones: dict[str, tuple[str, ...]] = Field(default_factory=_direcciones)

    @property
    def carpeta_de_contratos(self) -> Path:
        return self.contratos or _DEL_REPOSITORIO
