"""Lo que se ve en cada página: lo mismo que sin JavaScript, accesible y a cualquier ancho."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.navegador import faltas_de_accesibilidad

from .conftest import CON_EVENTOS, NO_LISTO, pasar


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


def test_el_catalogo_de_eventos_con_el_teclado(pagina):
    pagina.goto("/")
    pagina.get_by_role("navigation", name="Principal").get_by_role("link", name="Eventos").press("Enter")
    expect(pagina.get_by_role("heading", name="Eventos", exact=True)).to_be_visible()
    pagina.get_by_role("navigation", name="Temas").get_by_role("link", name="clientes", exact=True).press(
        "Enter"
    )
    expect(pagina.locator("#tema-clientes h2")).to_be_in_viewport()

    expect(pagina.get_by_role("table", name="Campos de ClienteGuardado")).to_contain_text("documento")


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
