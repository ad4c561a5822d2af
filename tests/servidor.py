"""Servidores de verdad: en su propio proceso, con su carpeta y un puerto libre, o en un hilo de la prueba."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseServer

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


@contextmanager
def sirviendo(servidor: BaseServer) -> Iterator[str]:
    """Su dirección, mientras un hilo lo atiende."""
    threading.Thread(target=servidor.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{servidor.server_address[1]}"
    finally:
        servidor.shutdown()
        servidor.server_close()
