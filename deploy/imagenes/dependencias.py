"""Lo que hay que descargar para un servicio: una dependencia por línea, sin los paquetes de este repositorio.

Una imagen lleva también lo opcional: con qué base de datos correrá se decide al desplegarla.

Uso: dependencias.py CARPETA… (las que tienen `pyproject.toml`).
"""

import sys
import tomllib
from itertools import chain
from pathlib import Path

for carpeta in sys.argv[1:]:
    proyecto = tomllib.loads(Path(carpeta, "pyproject.toml").read_text("utf-8"))["project"]
    opcionales = proyecto.get("optional-dependencies", {}).values()
    for dependencia in chain(proyecto["dependencies"], *opcionales):
        if not dependencia.startswith("centralita-"):
            print(dependencia)
