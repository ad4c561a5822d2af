"""La portada en un navegador de verdad, detrás de un gateway de mentira con la CSP del de verdad."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page, expect
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tests.navegador import apuntar_quejas, faltas_de_accesibilidad
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


def test_el_estado_se_refresca_solo(pagina, vecinos):
    pagina.goto("/")
    expect(tarjeta(pagina, "clientes")).to_contain_text("Operativo")
    expect(tarjeta(pagina, "clientes")).to_contain_text("hace 0 s")

    vecinos["clientes"].contestaciones["/health/ready"].estado = 503
    vecinos["clientes"].contestaciones["/health/ready"].cuerpo = NO_LISTO
    vecinos["almacen"].parar()
    pasar(pagina, 6)

    expect(tarjeta(pagina, "clientes")).to_contain_text("Con problemas")
    expect(tarjeta(pagina, "clientes")).to_contain_text("Falla: base de datos")
    expect(tarjeta(pagina, "almacen")).to_contain_text("Caído")
    expect(tarjeta(pagina, "almacen")).to_contain_text("No se puede conectar")
    expect(pagina.locator("#servicios .resumen")).to_have_text(
        f"{len(vecinos) - 2} de {len(vecinos)} servicios operativos"
    )
    expect(pagina.locator("#avisos")).to_have_text("Almacén: Caído")


def test_el_navegador_pinta_lo_mismo_que_el_servidor(pagina, chromium, gateway, vecinos):
    vecinos["clientes"].contestaciones["/health/ready"].estado = 503
    vecinos["clientes"].contestaciones["/health/ready"].cuerpo = NO_LISTO
    vecinos["almacen"].parar()
    vecinos["canales"].contestaciones["/health/ready"].cuerpo = CON_EVENTOS
    sin_js = chromium.new_context(base_url=gateway.url, java_script_enabled=False).new_page()
    sin_js.goto("/")
    pagina.goto("/")
    pasar(pagina, 1)

    for dato in ("etiqueta", "detalle", "eventos", "version", "resumen"):
        selector = f'#servicios [data-dato="{dato}"]'
        assert pagina.locator(selector).all_inner_texts() == sin_js.locator(selector).all_inner_texts()
    ordenes = ".prueba .orden code"
    assert pagina.locator(ordenes).all_text_contents() == sin_js.locator(ordenes).all_text_contents()
    expect(sin_js.get_by_text("Recarga la página")).to_be_visible()
    expect(sin_js.locator(".solo-js:visible")).to_have_count(0)
    sin_js.context.close()


def test_los_eventos_sin_entregar_se_ven_y_se_van(pagina, vecinos):
    pagina.goto("/")
    eventos = tarjeta(pagina, "canales").locator(".eventos")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    expect(eventos).to_be_hidden()

    antes = vecinos["canales"].contestaciones["/health/ready"].cuerpo
    vecinos["canales"].contestaciones["/health/ready"].cuerpo = CON_EVENTOS
    pasar(pagina, 6)
    expect(eventos).to_contain_text("3 eventos por publicar")
    expect(eventos).to_have_attribute("data-alerta", "")
    expect(tarjeta(pagina, "canales")).to_contain_text("Operativo")

    vecinos["canales"].contestaciones["/health/ready"].cuerpo = antes
    pasar(pagina, 6)
    expect(eventos).to_be_hidden()


def test_el_catalogo_de_eventos_con_el_teclado(pagina):
    pagina.goto("/")
    pagina.get_by_role("navigation", name="Principal").get_by_role("link", name="Eventos").press("Enter")
    expect(pagina.get_by_role("heading", name="Eventos", exact=True)).to_be_visible()
    pagina.get_by_role("navigation", name="Temas").get_by_role("link", name="clientes", exact=True).press(
        "Enter"
    )
    expect(pagina.locator("#tema-clientes h2")).to_be_in_viewport()

    expect(pagina.get_by_role("table", name="Campos de ClienteGuardado")).to_contain_text("documento")


def test_avisa_si_el_portal_no_contesta_y_se_recupera(pagina, gateway, quejas):
    pagina.goto("/")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")

    gateway.roto = True
    pasar(pagina, 12)
    expect(pagina.locator("#desfase")).to_contain_text("El portal no contesta: lo que ves es de hace 1")
    expect(pagina.locator("#avisos")).to_contain_text("El portal no contesta")

    gateway.roto = False
    pasar(pagina, 6)
    expect(pagina.locator("#desfase")).to_be_hidden()
    assert quejas
    assert all("502" in queja for queja in quejas)
    quejas.clear()


def test_no_pregunta_con_la_pestana_oculta_ni_en_pausa(pagina, vecinos):
    def rondas() -> int:
        return vecinos["canales"].veces("/health/ready")

    pagina.goto("/")
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    ocultar(pagina, oculta=True)
    antes = rondas()
    pasar(pagina, 20)
    assert rondas() == antes

    ocultar(pagina, oculta=False)
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    assert rondas() == antes + 1

    pagina.get_by_role("button", name="Pausar la actualización").click()
    pasar(pagina, 20)
    assert rondas() == antes + 1
    pagina.get_by_role("button", name="Reanudar la actualización").click()
    expect(tarjeta(pagina, "canales")).to_contain_text("hace 0 s")
    assert rondas() == antes + 2


def ocultar(pagina: Page, *, oculta: bool) -> None:
    pagina.evaluate(
        """oculta => {
            Object.defineProperty(document, "hidden", { value: oculta, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        oculta,
    )


def test_probar_una_alta_solo_con_el_teclado(pagina, gateway):
    pagina.goto("/")
    pagina.keyboard.press("Tab")
    expect(pagina.get_by_role("link", name="Saltar al contenido")).to_be_focused()
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#contenido")).to_be_focused()
    tabular_hasta(pagina, "#prueba-canales-1 textarea")
    pagina.keyboard.press("ControlOrMeta+a")
    pagina.keyboard.type('{"nombre": "Pat O\'Ejemplo"}')

    orden = pagina.locator("#prueba-canales-1 .orden code")
    expect(orden).to_contain_text(f"curl -i -X POST '{gateway.url}/canales/cliente'")
    expect(orden).to_contain_text(r"""--data-raw '{"nombre": "Pat O'\''Ejemplo"}'""")
    pagina.keyboard.press("Tab")
    pagina.keyboard.press("Enter")

    resultado = pagina.locator("#prueba-canales-1 .respuesta")
    expect(resultado.get_by_role("status")).to_contain_text("201 · Correcto")
    expect(resultado.locator("pre")).to_have_text('{\n  "mensaje": "Hola, Pat O\'Ejemplo"\n}')
    assert gateway.recibidas == [("POST", "/canales/cliente?", '{"nombre": "Pat O\'Ejemplo"}')]


def test_ctrl_intro_envia(pagina):
    pagina.goto("/")
    pagina.locator("#prueba-canales-1 textarea").press("ControlOrMeta+Enter")

    expect(pagina.locator("#prueba-canales-1").get_by_role("status")).to_contain_text("201 · Correcto")


def tabular_hasta(pagina: Page, selector: str) -> None:
    for _ in range(60):
        pagina.keyboard.press("Tab")
        if pagina.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Con el tabulador no se llega a {selector}")


def test_desde_la_tarjeta_se_abre_su_prueba(pagina, gateway):
    pagina.goto("/")
    pagina.get_by_role("link", name="Pruébalo con Almacén").click()

    resumen = pagina.locator("#prueba-almacen-1 summary")
    pagina.clock.run_for(100)
    expect(resumen).to_be_focused()
    pagina.locator("#prueba-almacen-1").get_by_role("button", name="Enviar").click()
    expect(pagina.locator("#prueba-almacen-1 .respuesta pre")).to_contain_text('"id": 1')
    assert gateway.recibidas == [("GET", "/almacen/archivos?page=1&per_page=10", "")]


def test_un_fallo_del_servicio_se_cuenta_como_tal(pagina, quejas):
    pagina.goto("/")
    pagina.locator("#prueba-clientes-2 summary").click()
    pagina.locator("#prueba-clientes-2").get_by_role("button", name="Enviar").click()

    expect(pagina.locator("#prueba-clientes-2").get_by_role("status")).to_contain_text(
        "502 · Error del servicio"
    )
    expect(pagina.locator("#prueba-clientes-2 .respuesta pre")).to_have_text("Bad Gateway")
    assert len(quejas) == 1  # el navegador anota cada 5xx
    quejas.clear()


def test_copiar_la_orden(pagina):
    pagina.goto("/")
    pagina.get_by_role("button", name="Copiar make status").click()

    expect(pagina.locator("#avisos")).to_have_text("Copiado")
    assert pagina.evaluate("navigator.clipboard.readText()") == "make status"


def test_todas_las_api_en_una_pagina(pagina, app):
    documento = app.test_client().get("/openapi.json").json
    pagina.route("**/api/openapi.json", lambda ruta: ruta.fulfill(json=documento))
    pagina.clock.resume()
    pagina.goto("/apis")

    expect(pagina.get_by_role("heading", name="Todas las API")).to_be_visible()
    expect(pagina.locator("#swagger-ui .opblock").first).to_be_visible()
    pagina.get_by_role("link", name="Volver al inicio").click()
    expect(pagina.get_by_role("heading", name="Servicios")).to_be_visible()


@pytest.mark.parametrize("tema", ["light", "dark"])
@pytest.mark.parametrize("ruta", ["/", "/apis", "/eventos/", "/nada"])
def test_cumple_wcag_aa(pagina, quejas, vecinos, ruta, tema):
    vecinos["clientes"].contestaciones["/health/ready"].estado = 503
    vecinos["almacen"].parar()
    vecinos["canales"].contestaciones["/health/ready"].cuerpo = CON_EVENTOS
    pagina.emulate_media(color_scheme=tema)
    pagina.clock.resume()
    pagina.goto(ruta)
    for prueba in pagina.locator("details.prueba").all():
        prueba.evaluate("prueba => { prueba.open = true; prueba.querySelector('form').requestSubmit(); }")
    expect(pagina.get_by_text("Enviando…")).to_have_count(0)

    assert faltas_de_accesibilidad(pagina, "#swagger-ui") == []  # lo de Swagger UI no es nuestro
    quejas.clear()  # el 404 y el 502 que se han provocado


@pytest.mark.parametrize("ruta", ["/", "/apis", "/eventos/", "/nada"])
def test_nada_se_sale_a_lo_ancho(pagina, quejas, ruta):
    pagina.clock.resume()
    pagina.goto(ruta)
    for prueba in pagina.locator("details.prueba").all():
        prueba.evaluate("prueba => { prueba.open = true }")

    for ancho in (320, 360, 390, 768, 1366, 2200):
        pagina.set_viewport_size({"width": ancho, "height": 800})
        assert pagina.evaluate("document.documentElement.scrollWidth") <= ancho
    if ruta == "/nada":
        quejas.clear()  # la del 404 que se ha pedido
