"""Lo que hacen los despliegues con la máquina: enlaces de versiones, systemd y el registro de lo hecho."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from salud import NoSana
from servicios import RAIZ

REGISTRO = Path("/var/log/centralita/despliegues.log")
_inicio = time.monotonic()


def destino(enlace: str) -> Path | None:
    ruta = RAIZ / enlace
    return ruta.resolve() if ruta.is_symlink() else None


def enlazar(enlace: str, version: Path) -> None:
    """De una vez (`rename`): nadie ve el enlace a medias ni deja de verlo."""
    nuevo = RAIZ / f".{enlace}.nuevo"
    nuevo.unlink(missing_ok=True)
    nuevo.symlink_to(version)
    nuevo.replace(RAIZ / enlace)


def systemctl(*argumentos: str, exigir: bool = True) -> None:
    fin = subprocess.run(["systemctl", *argumentos], capture_output=True, text=True, check=False)
    if exigir and fin.returncode:
        raise NoSana(f"systemctl {' '.join(argumentos)}: {fin.stderr.strip()}")


def decir(texto: str) -> None:
    """También al registro de la máquina: si se corta la conexión, el despliegue sigue y lo cuenta allí."""
    linea = f"[{time.monotonic() - _inicio:5.1f} s] {texto}"
    with REGISTRO.open("a") as registro:
        registro.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {linea}\n")
    try:
        print(linea, flush=True)
    except BrokenPipeError:
        sys.stdout = None  # ya no escucha nadie
