"""La hora de tuotempo-leads-service."""

from __future__ import annotations

from datetime import UTC, datetime


def ahora() -> datetime:
    """UTC sin zona, como en las tablas."""
    return datetime.now(UTC).replace(tzinfo=None)
