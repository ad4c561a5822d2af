"""Lo que storage_service publica, lo escriba quien lo escriba."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ClienteGuardado:
    """Un cliente se creó o cambió. `version` es el ETag del documento; `creado`, si antes no existía."""

    nombre: str
    version: str
    creado: bool
    documento: dict[str, Any]


@dataclass(frozen=True)
class ClienteEliminado:
    """Un cliente dejó de existir. `version` es la que tenía el documento al eliminarlo."""

    nombre: str
    version: str


TEMA = "clientes"
PUBLICA = {TEMA: (ClienteGuardado, ClienteEliminado)}
_DOCUMENTO = {
    "nombre": "Maria Lopez",
    "contacto": "maria@ejemplo.com",
    "servicios": [{"descripcion": "Internet 300 Mbps", "fecha_contratacion": "2026-03-02"}],
}
EJEMPLOS = (
    ClienteGuardado("Maria Lopez", "5f2b6c1d9a3e47f08b1c2d3e4f5a6b7c", creado=True, documento=_DOCUMENTO),
    ClienteEliminado("Maria Lopez", "5f2b6c1d9a3e47f08b1c2d3e4f5a6b7c"),
)
