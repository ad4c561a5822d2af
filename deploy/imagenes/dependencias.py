"""Lo que hay que descargar para un servicio: una dependencia por línea, sin los paquetes de este repositorio.

Uso: dependencias.py CARPETA… (las que tienen `pyproject.toml`).
"""

import sys
import tomllib
from pathlib import Path

for carpeta in sys.argv[1:]:
    proyecto = tomllib.loads(Path(carpeta, "pyproject.toml").read_text("utf-8"))["project"]
    print(*(d for d in proyecto["dependencies"] if not d.startswith("centralita-")), sep="\n")
