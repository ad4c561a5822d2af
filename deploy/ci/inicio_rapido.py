"""Sigue al pie de la letra el comienzo de un README de la raíz, en un clon limpio: `make inicio-rapido`.

No necesita nada instalado más que lo que pide el README. La primera orden se queda en marcha y las demás se ejecutan
«en otra terminal» cuando aquella dice que está lista.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
PLAZO = 900.0  # la primera vez se instala todo
LISTA, PARADA = "está lista", "se ha detenido"


def bloques(readme: Path) -> list[list[str]]:
    """Las órdenes de cada bloque de consola, en orden y sin sus comentarios."""
    encontrados = re.findall(r"^```bash\n(.*?)^```", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [
        [orden for linea in bloque.splitlines() if (orden := re.sub(r"(^|\s)#.*", "", linea).strip())]
        for bloque in encontrados
    ]


def portada(readme: Path) -> str:
    """La primera dirección que el README invita a abrir."""
    hallada = re.search(r"<(http://localhost:\d+/)>", readme.read_text("utf-8"))
    if not hallada:
        raise SystemExit(f"{readme.name} no dice dónde está la portada.")
    return hallada[1]


def ejecutar(orden: str, carpeta: Path) -> str:
    """Ejecuta una orden en esa carpeta y devuelve lo que escribe; `SystemExit` si falla."""
    hecho = subprocess.run(
        ["bash", "-c", orden],
        cwd=carpeta,
        env=_entorno(),
        capture_output=True,
        text=True,
        timeout=PLAZO,
        check=False,
    )
    if hecho.returncode:
        raise SystemExit(f"«{orden}» ha fallado:\n{hecho.stdout}{hecho.stderr}")
    return hecho.stdout


@contextmanager
def en_marcha(nombre: str) -> Iterator[Path]:
    """El clon con todo en marcha según su README; al salir, Ctrl-C."""
    with tempfile.TemporaryDirectory() as temporal:
        clon, salida = Path(temporal, "centralita"), Path(temporal, "salida.log")
        subprocess.run(["git", "clone", "-q", str(RAIZ), str(clon)], check=True)
        primera, *demas = bloques(clon / nombre)[0]
        with salida.open("wb") as fichero:
            orden = ["bash", "-c", f"exec {primera}"]
            # A quien se lanza en segundo plano se le hace sordo a Ctrl-C, y sus hijos lo heredarían.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            proceso = subprocess.Popen(
                orden, cwd=clon, env=_entorno(), stdout=fichero, stderr=fichero, start_new_session=True
            )
        try:
            _esperar(proceso, salida)
            for siguiente in demas:
                ejecutar(siguiente, clon)
            with urllib.request.urlopen(portada(clon / nombre), timeout=10):  # noqa: S310  la del README
                pass
            yield clon
        finally:
            if proceso.poll() is None:
                os.killpg(proceso.pid, signal.SIGINT)  # lo mismo que hace Ctrl-C en una terminal
            proceso.wait(60)
        if PARADA not in salida.read_text("utf-8"):
            raise SystemExit(f"«{primera}» no se ha detenido bien:\n{salida.read_text('utf-8')}")


def _esperar(proceso: subprocess.Popen[bytes], salida: Path) -> None:
    limite = time.monotonic() + PLAZO
    while LISTA not in salida.read_text("utf-8", "replace"):
        if proceso.poll() is not None or time.monotonic() > limite:
            raise SystemExit(f"No ha llegado a estar lista:\n{salida.read_text('utf-8', 'replace')}")
        time.sleep(0.2)


def _entorno() -> dict[str, str]:
    """El de una terminal nueva: sin lo que añaden el `make` y el entorno virtual que nos hayan lanzado.

    Con más plazo para arrancar: aquí se prueba que el README es verdad, no lo rápida o cargada que esté la máquina.
    """
    ajenas = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "VIRTUAL_ENV"}
    propio = {clave: valor for clave, valor in os.environ.items() if clave not in ajenas}
    return {"PLAZO_DE_ARRANQUE": "600", **propio}


if __name__ == "__main__":
    for readme in sys.argv[1:]:
        with en_marcha(readme):
            print(f"{readme}: el comienzo funciona tal cual en un clon limpio.", flush=True)
