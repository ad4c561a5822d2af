"""El panel en un navegador de verdad, detrás del prefijo del gateway y con la CSP más estricta."""

from __future__ import annotations

import os
import threading

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.gateway_de_mentira import tras_el_gateway
from tests.navegador import apuntar_quejas
from tests.panel_de_leads import CLAVE
from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.infraestructura import palabras
from tuotempo_leads.infraestructura.tablas import leads, llamadas, rellamadas

NOMBRES = ("Ana", "Luis", "Eva", "Íñigo", "Noa")
APELLIDOS = ("Demo Ruiz", "Prueba Gil", "Ficticio Paz")
FINALES = (
    ("Cita Agendada", "Con Pack"),
    ("Cita Agendada", "Sin Pack"),
    ("Volver a llamar", "buzón"),
    ("Volver a llamar", "no disponible cliente"),
    ("Volver a llamar", "Llamar por la tarde"),
    ("No Interesado", "Próxima baja"),
    ("No Interesado", "No da motivos"),
    (None, None),
    (None, None),
)


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
    entrar(pagina, "jefa")
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
        filas = [contacto(n, momento) for n in range(cuantos)]
        hechas = [llamada(numero, fila) for numero, fila in enumerate(filas, 1) if fila["call_time"]]
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(leads), filas)
            palabras.apuntar_desde(conexion, 0)
            conexion.execute(sa.insert(llamadas), hechas)

    return crear


def contacto(n, momento):
    """El de ese número, siempre el mismo salvo el día; a los que no tienen estado no se les ha llamado."""
    uno, dos = FINALES[n * n * 31 % 97 % len(FINALES)]
    hace = accesos.timedelta(days=n % 7, minutes=n % 400)
    return {
        "nombre": NOMBRES[n % 5],
        "apellidos": APELLIDOS[n % 3],
        "telefono": str(600_000_000 + n),
        "telefono_norm": str(600_000_000 + n),
        "nombre_clinica": ("Clínica Demo Centro", "Clínica Demo Norte")[n % 2],
        "direccion_clinica": f"Calle Falsa, {n % 90}",
        "codigo_postal": ("28013", "08001", "41001")[n % 3],
        "status_level_1": uno,
        "status_level_2": dos,
        "conPack": dos == "Con Pack",
        "cita": momento.replace(microsecond=0) if uno == "Cita Agendada" else None,
        "call_time": momento.replace(hour=9) - hace if uno else None,
        "call_attempts_count": 1 if uno else 0,
        "created_at": momento,
        "updated_at": momento,
    }


def llamada(lead, fila):
    iguales = {campo: fila[campo] for campo in ("telefono_norm", "status_level_1", "conPack")}
    return {"lead_id": lead, "momento": fila["call_time"], "origen": "api", **iguales}


def entrar(pagina, nombre):
    pagina.get_by_label("Usuario").fill(nombre)
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()


def retratar(pagina, nombre):
    """Con `RETRATOS=carpeta` deja en ella una imagen de la página, para mirarla."""
    if carpeta := os.environ.get("RETRATOS"):
        pagina.screenshot(path=f"{carpeta}/{nombre}.png", full_page=True)
