"""El gateway solo, con nuestra configuración y un único vecino detrás de todas sus rutas."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.pila import RAIZ, contesta, esperar, puertos_libres

_SIN_LIMITE = {"GATEWAY_RITMO": "1000000", "GATEWAY_RAFAGA": "1000000"}
_SERVICIOS = ("CANALES", "CLIENTES", "ALMACEN", "PARTNERS", "LEADS", "ESPACIO")


@contextmanager
def gateway(carpeta: Path, vecino: str, entorno: dict[str, str], **plazos: str) -> Iterator[int]:
    """El puerto de un Traefik que manda a `vecino` lo que es de un servicio, y lo demás a un portal que no está."""
    shutil.copytree(RAIZ / "gateway", carpeta, ignore=shutil.ignore_patterns("portal"), dirs_exist_ok=True)
    publico, interno = puertos_libres(2)
    _escuchar(carpeta / "traefik.yml", publico, interno, plazos)
    destinos = {**{f"{nombre}_URL": vecino for nombre in _SERVICIOS}, "PORTAL_URL": "http://127.0.0.1:1"}
    orden = [str(Path(sys.executable).with_name("traefik")), "--configFile=traefik.yml"]
    with (carpeta / "salida.log").open("wb") as salida:
        proceso = subprocess.Popen(
            orden, cwd=carpeta, env={**os.environ, **entorno, **_SIN_LIMITE, **destinos}, stdout=salida
        )
    try:
        esperar(lambda: contesta(f"http://127.0.0.1:{publico}/canales/"), 60)
        yield publico
    finally:
        proceso.kill()
        proceso.wait()


def _escuchar(fichero: Path, publico: int, interno: int, plazos: dict[str, str]) -> None:
    configuracion: dict[str, Any] = yaml.safe_load(fichero.read_text("utf-8"))
    entradas = configuracion["entryPoints"]
    entradas["web"]["address"], entradas["interno"]["address"] = (
        f"127.0.0.1:{publico}",
        f"127.0.0.1:{interno}",
    )
    entradas["web"]["transport"]["respondingTimeouts"] |= plazos
    fichero.write_text(yaml.safe_dump(configuracion), "utf-8")
