"""La hora de espacio-clientes."""

from __future__ import annotations

from datetime import UTC, datetime


def ahora() -> datetime:
    """UTC sin zona ni fracción: lo que cabe en un DATE de Oracle."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
