"""De la hoja a los contactos."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import retratar


def test_elegir_las_columnas_de_una_hoja(dentro, tmp_path, quejas):
    hoja = tmp_path / "rara.csv"
    hoja.write_text("Núm;Quién\n600000001;Ana\n")
    dentro.goto("/recargar-datos?pestana=subir")
    dentro.get_by_label("Hoja de Excel").set_input_files(hoja)
    dentro.get_by_role("button", name="Subir archivo").click()
    expect(dentro.get_by_role("alert")).to_contain_text("Ninguna columna es un teléfono")
    dentro.get_by_label("A qué campo va Núm").select_option("telefono")
    expect(dentro.get_by_role("row", name="Núm")).to_contain_text("bien")  # se recalcula solo
    dentro.get_by_label("A qué campo va Quién").select_option("nombre")
    expect(dentro.get_by_role("row", name="Quién")).to_contain_text("bien")
    retratar(dentro, "7-columnas")
    dentro.get_by_role("button", name="Simular").click()
    expect(dentro.get_by_role("heading", name="Simulación terminada")).to_be_visible(timeout=20_000)
    quejas.clear()  # el 400 de la hoja sin teléfono


def test_de_la_hoja_a_los_contactos_viendo_el_progreso(dentro, tmp_path):
    hoja = tmp_path / "marzo.csv"
    filas = "".join(f"{600_000_000 + n};Ana {n};28013\n" for n in range(3000))
    hoja.write_text(f"TELEFONO;NOMBRE;CODIGO_POSTAL;COLOR\n{filas}abc;Eva;28013;rojo\n")
    dentro.goto("/recargar-datos?pestana=subir")
    dentro.get_by_label("Hoja de Excel").set_input_files(hoja)
    dentro.get_by_role("button", name="Subir archivo").click()
    expect(dentro.get_by_label("A qué campo va COLOR")).to_have_value("")
    retratar(dentro, "7-revisar")
    dentro.get_by_role("button", name="Simular").click()
    expect(dentro.get_by_role("heading", name="Simulación terminada")).to_be_visible(timeout=20_000)
    retratar(dentro, "7-simulada")
    dentro.get_by_role("button", name="Importar de verdad").click()
    expect(dentro.get_by_text("Recarga completada. Insertados: 3000. Errores: 1.")).to_be_visible(
        timeout=20_000
    )
    with dentro.expect_download() as descarga:
        dentro.get_by_role("link", name="Descargarlas todas").click()
    assert descarga.value.suggested_filename == "rechazadas.xlsx"
    dentro.get_by_role("link", name="Historial").click()
    expect(dentro.get_by_role("row", name="marzo.csv")).to_contain_text("Éxito")
    retratar(dentro, "7-historial")


def test_un_fichero_que_no_cabe_se_dice_sin_enviarlo(dentro, tmp_path):
    grande = tmp_path / "grande.csv"
    with grande.open("wb") as fichero:
        fichero.truncate(30_000_000)
    dentro.goto("/recargar-datos?pestana=subir")
    campo = dentro.get_by_label("Hoja de Excel")
    campo.set_input_files(grande)
    assert campo.evaluate("campo => campo.validationMessage") == "Pasa de 20 MiB: divídela en varias."
