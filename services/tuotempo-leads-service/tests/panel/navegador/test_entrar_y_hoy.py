"""Entrar, salir y la página de hoy, que se refresca sola."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.panel_de_leads import CLAVE
from tuotempo_leads.aplicacion import accesos

from .conftest import retratar


def test_entrar_con_el_teclado_y_salir(pagina, quejas):
    pagina.goto("/")
    expect(pagina.get_by_text("Debes iniciar sesión para acceder a esta página")).to_be_visible()
    retratar(pagina, "1-entrar")
    expect(pagina.get_by_label("Usuario")).to_be_focused()
    pagina.keyboard.type("jefa")
    pagina.keyboard.press("Tab")
    pagina.keyboard.type("no es esta")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_text("Usuario o contraseña incorrectos")).to_be_visible()
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", name="Hoy", exact=True)).to_be_visible()
    pagina.keyboard.press("Tab")
    expect(pagina.get_by_role("link", name="Saltar al contenido")).to_be_focused()
    pagina.get_by_role("button", name="Salir").click()
    expect(pagina.get_by_text("Has cerrado sesión correctamente")).to_be_visible()


def test_hoy_se_refresca_solo_y_dice_de_cuando_son_los_datos(dentro, alta):
    dentro.clock.install()
    dentro.goto("/")
    expect(dentro.get_by_text("Todavía no hay contactos")).to_be_visible()
    alta(nombre="Ana", status_level_1="Cita Agendada")
    dentro.clock.run_for(3000)
    expect(dentro.get_by_text("Datos de hace 3 s")).to_be_visible()
    dentro.clock.run_for(13000)
    expect(dentro.get_by_role("heading", name="Citas agendadas")).to_be_visible()
    dentro.clock.run_for(1000)
    expect(dentro.get_by_text("Datos de hace 1 s")).to_be_visible()
    dentro.get_by_role("list", name="Cifras").get_by_role("link", name="1", exact=True).first.click()
    expect(dentro.get_by_role("heading", name="Leads")).to_be_visible()


def test_hoy_avisa_si_los_datos_son_viejos(dentro, alta, quejas):
    alta(nombre="Ana")
    dentro.clock.install()
    dentro.goto("/")
    dentro.route("**/panel/hoy", lambda ruta: ruta.abort())
    dentro.clock.run_for(50_000)
    expect(dentro.locator("[data-edad].viejos")).to_contain_text("Datos de hace")
    quejas.clear()


def test_al_acabar_la_sesion_la_pagina_que_se_refresca_lleva_a_entrar(dentro, alta, app, quejas):
    alta()
    dentro.clock.install()
    dentro.goto("/")
    with app.extensions["bd"].escritura() as conexion:
        accesos.accesos.cerrar_las_de(conexion, 1)
    dentro.clock.run_for(16_000)
    expect(dentro.get_by_role("heading", name="Entrar en el panel")).to_be_visible()
    quejas.clear()


def test_el_menu_del_telefono_se_abre(dentro):
    dentro.set_viewport_size({"width": 390, "height": 800})
    menu = dentro.get_by_role("navigation", name="Principal")
    expect(menu).to_be_hidden()
    dentro.get_by_role("button", name="Menú").click()
    expect(menu.get_by_role("link", name="Leads")).to_be_visible()
