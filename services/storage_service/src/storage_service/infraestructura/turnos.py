"""Un escritor a la vez por clave, entre hilos y entre procesos de la misma máquina."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import portalocker

_CUANTOS = 256  # las claves se reparten: pocos ficheros, y casi nunca esperan dos que no compiten


class Turnos:
    """Cerrojos repartidos; los ficheros se abren una vez porque abrirlos costaba más que bloquearlos."""

    def __init__(self, carpeta: str) -> None:
        self._carpeta = carpeta
        self._hilos = [threading.Lock() for _ in range(_CUANTOS)]
        self._ficheros: dict[int, int] = {}

    @contextmanager
    def turno(self, clave: str) -> Iterator[None]:
        """Espera lo que haga falta: quien lo tiene solo escribe un fichero, y al morir lo suelta."""
        numero = zlib.crc32(clave.encode()) % _CUANTOS
        with self._hilos[numero]:  # `flock` no distingue hilos que comparten descriptor
            fichero = self._ficheros.get(numero)
            if fichero is None:
                fichero = self._ficheros[numero] = self._abrir(numero)
            portalocker.lock(fichero, portalocker.LockFlags.EXCLUSIVE)
            try:
                yield
            finally:
                portalocker.unlock(fichero)

    def _abrir(self, numero: int) -> int:
        return os.open(f"{self._carpeta}/{numero:02x}", os.O_RDWR | os.O_CREAT, 0o600)
