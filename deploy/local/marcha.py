"""Si hay una Centralita en marcha desde esta carpeta: la que vigila el supervisord de sus datos."""

from __future__ import annotations

import os

from procesos import carpeta_de_ejecucion


def pid() -> int | None:
    """El de supervisord, o nada si ya no vive."""
    try:
        numero = int((carpeta_de_ejecucion() / "supervisord.pid").read_text())
    except (OSError, ValueError):
        return None
    return numero if vive(numero) else None


def vive(numero: int) -> bool:
    try:
        os.kill(numero, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
