"""La portada en un navegador de verdad, detrás de un gateway de mentira con la CSP del de verdad."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tests.navegador import apuntar_quejas
from tests.servidor import sirviendo

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
NO_LISTO = {
    "status": "not_ready",
    "version": "1.2.3",
    "comprobaciones": {"base_de_datos": {"ok": False, "motivo": "OperationalError"}},
}
CON_EVENTOS = {
    "status": "ready",
    "version": "1.2.3",
    "comprobaciones": {
        "base_de_datos": {"ok": True},
        "eventos": {"ok": True, "pendientes": 3, "mas_antiguo_s": 200.4, "en_espera": 1, "muertos": 2},
    },
}


class Gateway:
    """Quita prefijos como el gateway y contesta por `canales`; lo demás es el portal."""

    def __init__(self, portal: APIFlask) -> None:
        self.portal = portal
        self.recibidas: list[tuple[str, str, Any]] = []
        self.roto = False
        self.servidor = make_server("127.0.0.1", 0, self, threaded=True)
        self.url = f"http://127.0.0.1:{self.servidor.server_port}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        def con_csp(estado: str, cabeceras: list[tuple[str, str]], *resto: Any) -> Any:
            return start_response(estado, [*cabeceras, ("Content-Security-Policy", CSP)], *resto)

        peticion = Request(environ)
        if peticion.path.startswith(("/canales/", "/clientes/", "/almacen/", "/partners/", "/espacio/")):
            return self._servicio(peticion)(environ, con_csp)
        if self.roto and peticion.path == "/api/estado":
            return Response("Bad Gateway", 502)(environ, con_csp)
        return self.portal(environ, con_csp)

    def _servicio(self, peticion: Request) -> Response:
        self.recibidas.append((peticion.method, peticion.full_path, peticion.get_data(as_text=True)))
        if peticion.path == "/clientes/saludo":
            return Response("Bad Gateway", 502)
        if peticion.method == "POST":
            nombre = json.loads(peticion.get_data())["nombre"]
            return Response(json.dumps({"mensaje": f"Hola, {nombre}"}), 201, mimetype="application/json")
        return Response('[{"id":1}]', mimetype="application/json")


@pytest.fixture
def gateway(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(app.extensions["estado"], "_vigencia", lambda _: 0.0)
    gateway = Gateway(app)
    with sirviendo(gateway.servidor):
        yield gateway


@pytest.fixture
def pagina(chromium: Browser, gateway: Gateway, quejas: list[str]) -> Iterator[Page]:
    contexto = chromium.new_context(base_url=gateway.url, permissions=["clipboard-read", "clipboard-write"])
    pagina = contexto.new_page()
    apuntar_quejas(pagina, quejas, (gateway.url,))
    # El reloj del navegador solo avanza cuando lo dice la prueba.
    pagina.clock.install(time=0)
    pagina.clock.pause_at(1000)
    yield pagina
    contexto.close()
    assert quejas == []


def tarjeta(pagina: Page, nombre: str) -> Any:
    return pagina.locator(f'[data-servicio="{nombre}"]')


def pasar(pagina: Page, segundos: int) -> None:
    """Adelanta el reloj del navegador; la red es de verdad y necesita un momento entre paso y paso."""
    for _ in range(segundos):
        pagina.clock.run_for(1000)
        time.sleep(0.05)
