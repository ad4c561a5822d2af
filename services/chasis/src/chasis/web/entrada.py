"""Lo primero que encuentra una petición (WSGI): identidad, línea de registro, métricas y proxies de confianza."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import structlog
from werkzeug.middleware.proxy_fix import ProxyFix

from chasis import contexto, metricas, trazas

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SIN_ANOTAR = ("/health", "/metrics")  # las preguntan sin parar y no dicen nada


class Entrada:
    """Da identidad a la petición y, cuando hay respuesta, la devuelve en sus cabeceras y la anota."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._registro = structlog.get_logger().bind()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        inicio = time.perf_counter()
        identificador = contexto.iniciar(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"))

        def responder(estado: str, cabeceras: list[tuple[str, str]], *resto: Any) -> Any:
            cabeceras.append((contexto.CABECERA_PETICION, identificador))
            cabeceras.append((contexto.CABECERA_TRAZA, contexto.traza.get()))
            self._anotar(environ, int(estado[:3]), time.perf_counter() - inicio, tramo)
            return start_response(estado, cabeceras, *resto)

        with trazas.peticion(environ.get("PATH_INFO", "")) as tramo:
            return self._app(environ, responder)

    def _anotar(self, environ: WSGIEnvironment, estado: int, segundos: float, tramo: Any) -> None:
        # Se anota la regla y no la dirección: los nombres de las personas viajan en la ruta y en la consulta.
        peticion = environ.get("werkzeug.request")
        ruta = peticion.url_rule.rule if peticion and peticion.url_rule else "(ninguna)"
        # Un método inventado por el cliente no debe crear una serie de métricas nueva.
        metodo = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in _METODOS else "OTRO"
        metricas.anotar(metodo, ruta, estado, segundos)
        trazas.contestada(tramo, metodo, ruta, estado)
        if not ruta.startswith(_SIN_ANOTAR):
            ms = round(segundos * 1000, 2)
            self._registro.info("peticion", metodo=metodo, ruta=ruta, estado=estado, ms=ms)


class ProxyDeConfianza:
    """`X-Forwarded-*` solo vale si lo escribe un proxy de las redes indicadas; de cualquier otro no existe."""

    def __init__(self, app: WSGIApplication, redes: str) -> None:
        self._directa = app
        self._tras_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)
        self._redes = tuple(ip_network(red.strip()) for red in redes.split(",") if red.strip())
        self._confia = lru_cache(maxsize=1024)(self._esta_en_las_redes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reenviada = "HTTP_X_FORWARDED_HOST" in environ and self._confia(environ.get("REMOTE_ADDR", ""))
        return (self._tras_proxy if reenviada else self._directa)(environ, start_response)

    def _esta_en_las_redes(self, direccion: str) -> bool:
        try:
            ip = ip_address(direccion)
        except ValueError:
            return False
        return any(ip in red for red in self._redes)
