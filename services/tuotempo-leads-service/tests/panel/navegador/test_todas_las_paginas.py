"""Lo que vale para cualquier página: accesible, a cualquier ancho y con muchos contactos."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.navegador import faltas_graves

from .conftest import retratar

RUTAS = (
    "/",
    "/leads",
    "/leads/repartos",
    "/rellamadas",
    "/exclusiones",
    "/recargar-datos",
    "/recargar-datos?pestana=subir",
    "/recargar-datos?pestana=historial",
)
CUENTAS = ("/cuenta", "/usuarios")
RETRATADAS = {
    "2-hoy": "/",
    "3-leads": "/leads",
    "4-ficha": "/clinica/1",
    "5-cola": "/rellamadas",
    "6-exclusiones": "/exclusiones",
    "7-recargar": "/recargar-datos?pestana=subir",
    "8-usuarios": "/usuarios",
    "8-cuenta": "/cuenta",
}
TABLAS_QUE_SE_DESPLAZAN = """[...document.querySelectorAll(".tabla")]
    .filter((tabla) => tabla.scrollWidth > tabla.clientWidth).map((tabla) => tabla.ariaLabel)"""


@pytest.mark.parametrize("ruta", ["/login", *RUTAS, *CUENTAS, "/leads?estado=inventado", "/leads?q=nadie"])
def test_cumple_wcag_aa_y_cabe_en_cualquier_pantalla(dentro, ficticios, quejas, ruta):
    ficticios(60)
    if ruta == "/login":
        dentro.context.clear_cookies()
    dentro.goto(ruta)
    assert faltas_graves(dentro) == []
    for ancho in (320, 360, 400, 768, 1366, 1920):
        dentro.set_viewport_size({"width": ancho, "height": 800})
        assert dentro.evaluate("document.documentElement.scrollWidth") <= ancho, ancho
        if ancho <= 768:
            assert dentro.evaluate(TABLAS_QUE_SE_DESPLAZAN) == [], ancho
    quejas.clear()  # el 400 que se ha pedido


def test_retratos_con_cinco_mil_contactos(dentro, ficticios, programadas, usuario):
    usuario("marta")
    ficticios(5000)
    programadas(400)
    for ancho in (1440, 768, 360, 320) if os.environ.get("RETRATOS") else (1440,):
        dentro.set_viewport_size({"width": ancho, "height": 800})
        for nombre, ruta in RETRATADAS.items():
            dentro.goto(ruta)
            expect(dentro.locator("h1")).to_be_visible()
            retratar(dentro, f"{nombre}-{ancho}")
    dentro.goto("/")
    expect(dentro.get_by_role("list", name="Cifras")).to_contain_text("5.000")
