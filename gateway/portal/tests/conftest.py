"""Vecinos de mentira: servidores HTTP de verdad en un hilo, con respuestas que cada prueba decide."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from apiflask import APIFlask

from portal.arranque import crear_app
from portal.config import Ajustes
from portal.servicios import SERVICIOS

LISTO = {
    "status": "ready",
    "servicio": "x",
    "version": "1.2.3",
    "comprobaciones": {"base_de_datos": {"ok": True, "ms": 0.4}},
}


@dataclass
class Contestacion:
    estado: int = 200
    cuerpo: Any = field(default_factory=dict)
    antes: Callable[[], object] = lambda: None  # lo que hace antes de contestar
    goteo: float = 0.0  # segundos entre byte y byte


class VecinoFalso:
    """Un servicio de mentira; `contestaciones` va de la ruta a lo que contesta."""

    def __init__(self) -> None:
        self.contestaciones = {"/health/ready": Contestacion(cuerpo=LISTO)}
        self.recibidas: list[tuple[str, dict[str, str]]] = []
        self._servidor: ThreadingHTTPServer | None = None
        self.puerto = 0
        self.arrancar()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"

    def arrancar(self) -> None:
        self._servidor = _Servidor(("127.0.0.1", self.puerto), _manejador(self))
        self.puerto = self._servidor.server_port
        threading.Thread(target=self._servidor.serve_forever, args=(0.01,), daemon=True).start()

    def parar(self) -> None:
        if self._servidor:
            self._servidor.shutdown()
            self._servidor.server_close()
            self._servidor = None

    def veces(self, ruta: str) -> int:
        return sum(recibida == ruta for recibida, _ in self.recibidas)


class _Servidor(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


def _manejador(vecino: VecinoFalso) -> type[BaseHTTPRequestHandler]:
    class Manejador(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            vecino.recibidas.append((self.path, dict(self.headers)))
            contestacion = vecino.contestaciones.get(self.path, Contestacion(404, {"error": "no"}))
            contestacion.antes()
            cuerpo = contestacion.cuerpo
            datos = cuerpo if isinstance(cuerpo, bytes) else json.dumps(cuerpo).encode()
            with contextlib.suppress(ConnectionError):  # quien preguntaba ya se cansó
                self.send_response(contestacion.estado)
                self.send_header("Content-Length", str(len(datos)))
                self.end_headers()
                self._enviar(datos, contestacion.goteo)

        def _enviar(self, datos: bytes, goteo: float) -> None:
            for byte in range(len(datos) if goteo else 0):
                self.wfile.write(datos[byte : byte + 1])
                time.sleep(goteo)
            self.wfile.write(b"" if goteo else datos)

        def log_message(self, *_: object) -> None:
            pass

    return Manejador


@pytest.fixture
def vecinos() -> Iterator[dict[str, VecinoFalso]]:
    todos = {servicio.nombre: VecinoFalso() for servicio in SERVICIOS}
    yield todos
    for vecino in todos.values():
        vecino.parar()


@pytest.fixture
def ajustes(vecinos: dict[str, VecinoFalso]) -> Ajustes:
    return Ajustes(direcciones={nombre: (vecino.url,) for nombre, vecino in vecinos.items()})


@pytest.fixture
def app(ajustes: Ajustes) -> APIFlask:
    return crear_app(ajustes)


READY = "/health/ready"


def estado_de(web, nombre):
    servicios = web.get("/api/estado").json["servicios"]
    return next(servicio for servicio in servicios if servicio["nombre"] == nombre)
