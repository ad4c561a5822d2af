"""`X-Forwarded-*` solo vale si lo escribe un proxy de confianza (el gateway); de cualquier otro no existe."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SoloDeConfianza:
    """Aplica `ProxyFix` (un salto) a las peticiones que llegan desde las redes indicadas."""

    def __init__(self, app: WSGIApplication, redes: str) -> None:
        self._directa = app
        self._tras_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)
        self._redes = tuple(ip_network(red.strip()) for red in redes.split(",") if red.strip())
        self._confia = lru_cache(maxsize=1024)(self._esta_en_las_redes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        app = self._tras_proxy if self._confia(environ.get("REMOTE_ADDR", "")) else self._directa
        return app(environ, start_response)

    def _esta_en_las_redes(self, direccion: str) -> bool:
        try:
            ip = ip_address(direccion)
        except ValueError:
            return False
        return any(ip in red for red in self._redes)
