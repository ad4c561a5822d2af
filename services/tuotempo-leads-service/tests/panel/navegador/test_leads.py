"""Filtrar, guardar, exportar y repartir."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import retratar


def test_filtrar_guardar_la_vista_y_exportar(dentro, ficticios):
    ficticios(120)
    dentro.get_by_role("navigation", name="Principal").get_by_role("link", name="Leads").click()
    dentro.get_by_label("Estado", exact=True).select_option("Volver a llamar")
    dentro.get_by_text("Más filtros").click()
    dentro.get_by_label("Provincia").select_option("Madrid")
    dentro.get_by_role("button", name="Filtrar").click()
    assert "estado=Volver+a+llamar" in dentro.url
    expect(dentro.get_by_text("con este filtro")).to_be_visible()
    dentro.get_by_label("Nombre de la vista").fill("Madrid pendiente")
    dentro.get_by_role("button", name="Guardar vista").click()
    expect(dentro.get_by_role("link", name="Madrid pendiente")).to_have_attribute("aria-current", "true")
    retratar(dentro, "3-leads-filtrados")
    with dentro.expect_download() as descarga:
        dentro.get_by_role("link", name="Exportar a Excel").click()
    assert descarga.value.suggested_filename.startswith("leads_")


def test_repartir_los_marcados_y_deshacerlo(dentro, ficticios, usuario):
    usuario("marta")
    ficticios(60)
    dentro.goto("/leads")
    dentro.get_by_label("Marcar todos los de la página").check()
    expect(dentro.locator("#marcadas")).to_have_text("50 de 50 marcadas")
    dentro.get_by_role("form", name="Repartir").locator("#para").select_option(label="marta")
    dentro.get_by_role("button", name="Repartir").click()
    expect(dentro.get_by_text("50 leads repartidos.")).to_be_visible()
    retratar(dentro, "9-repartos")
    dentro.on("dialog", lambda pregunta: pregunta.accept())
    dentro.get_by_role("button", name="Deshacer").click()
    expect(dentro.get_by_text("50 leads vuelven a quien lo tenía antes.")).to_be_visible()
    dentro.goto("/leads?agente=nadie")
    dentro.locator("#cuales").select_option("todos")
    dentro.get_by_role("form", name="Repartir").locator("#para").select_option(label="marta")
    dentro.get_by_role("button", name="Repartir").click()
    expect(dentro.get_by_text("60 leads repartidos.")).to_be_visible()
