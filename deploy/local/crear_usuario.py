"""`make usuario`: crea un usuario del panel de leads en los datos de `make run`; pregunta nombre y contraseña."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from claves import completar_entorno
from procesos import LEADS, RAIZ, entorno_de


def main() -> int:
    completar_entorno()
    entorno = os.environ | entorno_de(LEADS) | {"LOG_LEVEL": "ERROR"}
    entorno.pop("PROMETHEUS_MULTIPROC_DIR", None)  # sus métricas no son las de ningún proceso en marcha
    flask = Path(sys.executable).parent / "flask"
    return subprocess.run(
        [flask, "create-user"], cwd=RAIZ / LEADS.carpeta, env=entorno, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
