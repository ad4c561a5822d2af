"""Hace del gateway en las pruebas de navegador: quita el prefijo, lo cuenta en las cabeceras y pone su CSP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.servidor import sirviendo

CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


@contextmanager
def tras_el_gateway(app: Any, prefijo: str) -> Iterator[str]:
    """Sirve la aplicación bajo `prefijo` y da su dirección; fuera de él no hay nada."""

    def con_csp(entorno: dict[str, Any], empezar: Any) -> Any:
        anfitrion = entorno["HTTP_HOST"]
        entorno |= {"SCRIPT_NAME": "", "HTTP_X_FORWARDED_PREFIX": prefijo, "HTTP_X_FORWARDED_PROTO": "http"}
        entorno["HTTP_X_FORWARDED_HOST"] = anfitrion

        def responder(estado: str, cabeceras: list[tuple[str, str]], *resto: Any) -> Any:
            propias = [c for c in cabeceras if c[0] != "Content-Security-Policy"]
            return empezar(estado, [*propias, ("Content-Security-Policy", CSP)], *resto)

        return app(entorno, responder)

    fuera = Response("Aquí no hay nada", 404)
    servidor = make_server("127.0.0.1", 0, DispatcherMiddleware(fuera, {prefijo: con_csp}), threaded=True)
    with sirviendo(servidor) as direccion:
        yield direccion + prefijo
