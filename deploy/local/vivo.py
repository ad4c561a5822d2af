"""Si hay una Centralita de `make run` en marcha. Solo usa la biblioteca estándar: `make restaurar` la usa."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def pid_del_supervisor(datos: Path) -> int | None:
    """El proceso que vigila a los que guardan en esa carpeta; None si ya no está, aunque muriera sin recoger.

    Responde su socket y no basta con que exista el pid: tras un apagón puede ser ya el de cualquier otro programa.
    """
    ejecucion = datos / "ejecucion"
    try:
        pid = int((ejecucion / "supervisord.pid").read_text())
        with socket.socket(socket.AF_UNIX) as puerta:
            puerta.connect(str(ejecucion / "supervisor.sock"))
    except (OSError, ValueError):
        return None
    return pid


def vive(pid: int) -> bool:
    """Si sigue en marcha: el que ya ha terminado y aún no ha recogido nadie no lo está."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # está, y es de otro usuario
        return True
    return _estado(pid) != "Z"


def _estado(pid: int) -> str:
    """Su letra en /proc; ninguna donde no lo hay (macOS)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""
