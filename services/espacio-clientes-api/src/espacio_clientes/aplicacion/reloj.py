"""La hora de espacio-clientes, y quién hace qué."""

from __future__ import annotations

from datetime import UTC, datetime

from chasis import contexto
from espacio_clientes.dominio.libro import Autoria


def ahora() -> datetime:
    """UTC sin zona ni fracción: lo que cabe en un DATE de Oracle."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def autoria(actor: str) -> Autoria:
    """Un cambio que hace `actor` ahora, en la petición en curso."""
    return Autoria(actor, ahora(), contexto.peticion_id.get() or None)
