"""Si hay una Centralita de `make run` en marcha. Solo usa la biblioteca estándar: `make restaurar` la usa."""

from __future__ import annotations

import os
from pathlib import Path


def pid_del_supervisor(datos: Path) -> int | None:
    """El proceso que vigila a los que guardan en esa carpeta; None si ya no está, aunque muriera sin recoger."""
    try:
        pid = int((datos / "ejecucion/supervisord.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if vive(pid) else None


def vive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
