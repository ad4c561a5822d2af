"""Quien abre conexiones y habla despacio: lo que se llama slowloris, con sockets de verdad."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from typing import Self

_POST = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
FORMAS: dict[str, tuple[bytes, bytes]] = {
    "mudo": (b"", b""),
    "cabeceras": (b"GET /health/live HTTP/1.1\r\nHost: x\r\n", b"X-a: b\r\n"),
    "cuerpo": (_POST + b"Content-Length: 500\r\n\r\n{", b" "),
    "cuerpo largo": (_POST + b"Content-Length: 3000000\r\n\r\n{", b" "),
    "cuerpo por trozos": (_POST + b"Transfer-Encoding: chunked\r\n\r\n400\r\n{", b" "),
    "no cierra": (b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b""),
}
"""De cada una, con qué empieza (y la ruta a la que va, si se dice) y qué manda de vez en cuando."""


class Goteo:
    """`cuantas` conexiones de cada forma contra un puerto; gotean hasta que se las cierra el otro o se sale."""

    def __init__(self, puerto: int, cuantas: int, ruta: str, formas: Callable[[str], bool] = bool) -> None:
        self._puerto, self._fin = puerto, threading.Event()
        elegidas = [forma for forma in FORMAS if formas(forma)]
        self.abiertas = [self._abrir(forma, ruta.encode()) for forma in elegidas for _ in range(cuantas)]
        self._hilo = threading.Thread(target=self._gotear, daemon=True)

    def __enter__(self) -> Self:
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        self._hilo.join()
        for conexion, _, _ in self.abiertas:
            conexion.close()

    def quedan(self) -> list[str]:
        """La forma de cada conexión que sigue abierta."""
        return [forma for _, forma, _ in self.abiertas]

    def _abrir(self, forma: str, ruta: bytes) -> tuple[socket.socket, str, bytes]:
        conexion = socket.create_connection(("127.0.0.1", self._puerto), timeout=20)
        principio, gota = FORMAS[forma]
        conexion.sendall(principio.replace(b"%s", ruta))
        conexion.setblocking(False)
        return conexion, forma, gota

    def _gotear(self) -> None:
        while not self._fin.wait(0.3):
            self.abiertas = [una for una in self.abiertas if self._sigue(*una)]

    @staticmethod
    def _sigue(conexion: socket.socket, _: str, gota: bytes) -> bool:
        try:
            if gota:
                conexion.send(gota)
            with selectors.DefaultSelector() as espera:
                espera.register(conexion, selectors.EVENT_READ)
                while espera.select(0):
                    if not conexion.recv(65536):
                        conexion.close()
                        return False
        except OSError:
            conexion.close()
            return False
        return True


def pedir(puerto: int, peticion: bytes) -> bytes:
    """Lo que se contesta a unos bytes enviados tal cual, hasta que el otro cierra o deja de escuchar."""
    with socket.create_connection(("127.0.0.1", puerto), timeout=20) as conexion:
        recibido = b""
        try:
            conexion.sendall(peticion)
            while trozo := conexion.recv(65536):
                recibido += trozo
        except ConnectionError:
            pass  # contestó y cortó sin acabar de leer
    return recibido
