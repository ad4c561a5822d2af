"""Un servidor de verdad en su propio proceso, con su carpeta y un puerto libre."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.pila import contesta, esperar, puertos_libres


@dataclass(frozen=True)
class Servidor:
    proceso: subprocess.Popen[bytes]
    puerto: int
    salida: Path

    def vive(self, estado: int = 200) -> bool:
        return contesta(f"{self.url}/health/live", estado)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"


@contextmanager
def en_marcha(*orden: str, carpeta: Path, salida: Path, **entorno: str) -> Iterator[Servidor]:
    """Python con esa orden desde esa carpeta hasta que se sale; lo que escribe queda en el fichero `salida`."""
    (puerto,) = puertos_libres(1)
    with salida.open("wb") as fichero:
        proceso = subprocess.Popen(
            [sys.executable, *orden],
            env={**os.environ, "PORT": str(puerto), **entorno},
            cwd=carpeta,
            stdout=fichero,
            stderr=fichero,
        )
    servidor = Servidor(proceso, puerto, salida)
    try:
        esperar(servidor.vive, 60)
        yield servidor
    finally:
        _despedir(proceso)


def _despedir(proceso: subprocess.Popen[bytes]) -> None:
    """Por las buenas, para que se lleve a sus hijos y sus ficheros; si no hace caso, por las malas."""
    proceso.terminate()
    try:
        proceso.wait(20)
    except subprocess.TimeoutExpired:
        proceso.kill()
        proceso.wait()
