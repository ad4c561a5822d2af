"""Probar una operación desde la portada."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


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
