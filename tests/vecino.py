"""Un vecino de verdad, para lo que un servicio pide a otros: hace lo que se le diga y recuerda lo que recibe."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Vecino(ThreadingHTTPServer):
    """Servidor HTTP de verdad que hace lo que diga `responder(manejador)` y recuerda lo que recibe."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self) -> None:
        self.recibidas: list[tuple[str, str, dict[str, str], bytes]] = []
        self.responder: Callable[[BaseHTTPRequestHandler], None] = lambda m: contestar(m, 200, b"{}")
        super().__init__(("127.0.0.1", 0), _Manejador)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Manejador(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Vecino

    def _atender(self) -> None:
        cuerpo = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.recibidas.append((self.command, self.path, dict(self.headers), cuerpo))
        self.server.responder(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _atender

    def log_message(self, *_: object) -> None:
        """Sin ruido en la salida de las pruebas."""


def contestar(manejador: BaseHTTPRequestHandler, estado: int, cuerpo: bytes, **cabeceras: str) -> None:
    manejador.send_response(estado)
    manejador.send_header("Content-Length", str(len(cuerpo)))
    manejador.send_header("Content-Type", "application/json")
    for nombre, valor in cabeceras.items():
        manejador.send_header(nombre.replace("_", "-"), valor)
    manejador.end_headers()
    manejador.wfile.write(cuerpo)
