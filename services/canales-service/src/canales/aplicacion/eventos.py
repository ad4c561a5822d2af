"""Lo que canales-service publica. El texto de un mensaje nunca sale de aquí."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClienteRegistrado:
    """Hay un cliente nuevo, lo registrara una persona u otro servicio."""

    cliente_id: int
    nombre: str
    tipo_servicio: str


@dataclass(frozen=True)
class CanalRegistrado:
    """Se intercambió un correo o una llamada (`tipo`) con un cliente; `timestamp` es UTC."""

    canal_id: int
    cliente_id: int
    tipo: str
    timestamp: datetime


TEMA = "canales"
PUBLICA = {TEMA: (ClienteRegistrado, CanalRegistrado)}
EJEMPLOS = (
    ClienteRegistrado(7, "Ana Gómez", "consultoría"),
    CanalRegistrado(31, 7, "llamada", datetime(2026, 3, 2, 9, 30)),  # noqa: DTZ001 — UTC sin zona, como en la API
)
