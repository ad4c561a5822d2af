"""Lo mismo que se pregunta a los procesos de `make run`, preguntado a los contenedores de `make up`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

PROYECTO = os.environ.get("COMPOSE_PROJECT_NAME") or "centralita"


def en_marcha(servicio: str = "") -> list[str]:
    """Los contenedores de la pila, o los de uno de sus servicios; ninguno, si no hay Docker o está parada."""
    if not shutil.which("docker"):
        return []
    etiquetas = [f"com.docker.compose.project={PROYECTO}"]
    if servicio:
        etiquetas.append(f"com.docker.compose.service={servicio}")
    filtros = [parte for etiqueta in etiquetas for parte in ("--filter", f"label={etiqueta}")]
    orden = ["docker", "ps", "--format", "{{.Names}}", *filtros]
    return sorted(subprocess.run(orden, capture_output=True, text=True, check=False).stdout.split())


def registros() -> Iterator[str]:
    """Cada línea que ha escrito cada contenedor, según se lee."""
    for contenedor in en_marcha():
        orden = ["docker", "logs", contenedor]
        leyendo = subprocess.Popen(
            orden, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        with leyendo as proceso:
            yield from proceso.stdout or ()


def trabajador(servicio: str, paquete: str, *orden: str) -> str:
    """Lo que contesta el trabajador de un servicio a una orden."""
    contenedores = en_marcha(f"{servicio}-trabajador")
    if not contenedores:
        raise SystemExit(f"{servicio}-trabajador no está en marcha (míralo con `make ps`).")
    dentro = ["docker", "exec", contenedores[0], "python", "-m", f"{paquete}.trabajador", *orden]
    return subprocess.run(dentro, capture_output=True, text=True, check=True).stdout
