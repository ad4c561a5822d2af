"""El panel en un navegador de verdad, detrás del prefijo del gateway y con la CSP más estricta."""

from __future__ import annotations

import os
import threading

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.gateway_de_mentira import tras_el_gateway
from tests.navegador import apuntar_quejas, faltas_graves
from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.infraestructura import palabras
from tuotempo_leads.infraestructura.tablas import leads, llamadas, rellamadas

CLAVE = "una contraseña larga"
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


@pytest.fixture
def direccion(app):
    fin = threading.Event()
    with tras_el_gateway(app, "/leads") as direccion:
        hilo = app.extensions["importaciones"].en_segundo_plano(fin)
        yield direccion
        fin.set()
        hilo.join()


@pytest.fixture
def pagina(chromium, direccion, quejas, usuario):
    usuario("jefa", "admin")
    contexto = chromium.new_context(
        base_url=f"{direccion}/", viewport={"width": 1366, "height": 850}, locale="es-ES"
    )
    pagina = contexto.new_page()
    apuntar_quejas(pagina, quejas, (direccion,))
    ir = pagina.goto
    pagina.goto = lambda ruta: ir(f"{direccion}{ruta}")
    yield pagina
    contexto.close()
    assert quejas == []


@pytest.fixture
def dentro(pagina):
    pagina.goto("/login")
    pagina.get_by_label("Usuario").fill("jefa")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()
    expect(pagina.get_by_role("heading", name="Hoy", exact=True)).to_be_visible()
    return pagina


@pytest.fixture
def programadas(app):
    """Rellamadas pendientes de los primeros leads, de hace tres horas en adelante."""

    def crear(cuantas):
        momento = accesos.ahora()
        filas = [
            {
                "lead_id": n,
                "pendiente_de": n,
                "estado": "pendiente",
                "codigo": "buzon",
                "momento": momento + accesos.timedelta(minutes=45 * n - 180),
                "motivo": "Prefiere por la tarde" if n % 3 else None,
                "creada_en": momento,
            }
            for n in range(1, cuantas + 1)
        ]
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(rellamadas), filas)

    return crear


@pytest.fixture
def ficticios(app):
    """Contactos inventados con llamadas de la última semana."""

    def crear(cuantos):
        momento = accesos.ahora()
        finales = (
            *(("Cita Agendada", "Con Pack"), ("Cita Agendada", "Sin Pack"), ("Volver a llamar", "buzón")),
            *(("Volver a llamar", "no disponible cliente"), ("Volver a llamar", "Llamar por la tarde")),
            *(
                ("No Interesado", "Próxima baja"),
                ("No Interesado", "No da motivos"),
                (None, None),
                (None, None),
            ),
        )
        nombres, apellidos = (
            ("Ana", "Luis", "Eva", "Íñigo", "Noa"),
            ("Demo Ruiz", "Prueba Gil", "Ficticio Paz"),
        )
        filas, hechas = [], []
        for n in range(cuantos):
            uno, dos = finales[n * n * 31 % 97 % len(finales)]
            cuando = momento.replace(hour=9) - accesos.timedelta(days=n % 7, minutes=n % 400) if uno else None
            filas.append(
                {
                    "nombre": nombres[n % 5],
                    "apellidos": apellidos[n % 3],
                    "telefono": str(600_000_000 + n),
                    "telefono_norm": str(600_000_000 + n),
                    "nombre_clinica": ("Clínica Demo Centro", "Clínica Demo Norte")[n % 2],
                    "direccion_clinica": f"Calle Falsa, {n % 90}",
                    "codigo_postal": ("28013", "08001", "41001")[n % 3],
                    "status_level_1": uno,
                    "status_level_2": dos,
                    "conPack": dos == "Con Pack",
                    "cita": momento.replace(microsecond=0) if uno == "Cita Agendada" else None,
                    "call_time": cuando,
                    "call_attempts_count": 1 if uno else 0,
                    "created_at": momento,
                    "updated_at": momento,
                }
            )
            if uno:
                llamada = {"lead_id": n + 1, "telefono_norm": str(600_000_000 + n), "momento": cuando}
                hechas.append(
                    {**llamada, "origen": "api", "status_level_1": uno, "conPack": dos == "Con Pack"}
                )
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(leads), filas)
            palabras.apuntar_desde(conexion, 0)
            conexion.execute(sa.insert(llamadas), hechas)

    return crear


def retratar(pagina, nombre):
    """Con `RETRATOS=carpeta` deja en ella una imagen de la página, para mirarla."""
    if carpeta := os.environ.get("RETRATOS"):
        pagina.screenshot(path=f"{carpeta}/{nombre}.png", full_page=True)


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


def test_el_menu_del_telefono_se_abre(dentro):
    dentro.set_viewport_size({"width": 390, "height": 800})
    menu = dentro.get_by_role("navigation", name="Principal")
    expect(menu).to_be_hidden()
    dentro.get_by_role("button", name="Menú").click()
    expect(menu.get_by_role("link", name="Leads")).to_be_visible()


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
