"""Cola, ficha y exclusiones en un navegador de verdad, detrás del prefijo y de la CSP del gateway."""

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.gateway_de_mentira import tras_el_gateway
from tests.navegador import apuntar_quejas, faltas_graves
from tuotempo_leads.aplicacion import resultados
from tuotempo_leads.entradas.panel import cola, ficha
from tuotempo_leads.infraestructura.tablas import rellamadas

from .conftest import entrar

AHORA = datetime(2026, 3, 2, 9, 30)  # lunes, las 10:30 en Madrid
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def url_de_la_base():
    return ""  # lo que se mira aquí no depende de la base


@pytest.fixture
def sitio(con_tuotempo):
    fin = threading.Event()
    with tras_el_gateway(con_tuotempo, "/leads") as direccion:
        hilo = con_tuotempo.extensions["importaciones"].en_segundo_plano(fin)
        yield direccion
        fin.set()
        hilo.join()


@pytest.fixture
def reloj(monkeypatch):
    for modulo in (cola, ficha, resultados):
        monkeypatch.setattr(modulo, "ahora", lambda: AHORA)


@pytest.fixture
def pagina(chromium, sitio, quejas, usuario, reloj):
    """Una supervisora que acaba de entrar; al final, el navegador no se ha quejado de nada."""
    usuario("sara", "supervisor")
    contexto = chromium.new_context(base_url=f"{sitio}/", viewport={"width": 1366, "height": 768})
    pagina = contexto.new_page()
    pagina.set_default_timeout(8000)
    apuntar_quejas(pagina, quejas, (sitio,))
    pagina.goto("login")
    entrar(pagina, "sara")
    yield pagina
    contexto.close()
    assert [una for una in quejas if " 400 " not in una and " 409 " not in una] == []


@pytest.fixture
def programar(app, alta):
    def programar(nombre, minutos, telefono):
        lead = alta(nombre=nombre, apellidos="Demo", telefono=telefono, nombre_clinica="Clínica Demo Centro")
        valores = {
            "lead_id": lead,
            "pendiente_de": lead,
            "estado": "pendiente",
            "creada_en": AHORA,
            "momento": AHORA + timedelta(minutes=minutos),
            "codigo": "buzon",
        }
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(rellamadas).values(valores))
        return lead

    return programar


def sin_desbordar(pagina):
    """La página no se sale por los lados; una tabla ancha se desplaza dentro de su recuadro."""
    for ancho in (1366, 390):
        pagina.set_viewport_size({"width": ancho, "height": 768})
        assert pagina.evaluate("document.documentElement.scrollWidth") <= ancho


def test_reasignar_desde_la_cola_con_el_teclado(pagina, programar, usuario, filas):
    marta = usuario("marta")
    for numero, minutos in enumerate((-200, -5, 8, 60)):
        programar(f"Lead {numero}", minutos, f"60000000{numero}")
    pagina.get_by_role("link", name="Rellamadas").click()
    expect(pagina.get_by_role("heading", name="Cola de rellamadas")).to_be_visible()
    expect(pagina.get_by_role("row").nth(1)).to_contain_text("3 h 20 min tarde")
    pagina.get_by_label("Marcar todas").focus()
    pagina.keyboard.press("Space")
    expect(pagina.locator("#marcadas")).to_have_text("4 de 4 marcadas")
    pagina.get_by_label("Marcar a Lead 3 Demo").uncheck()
    expect(pagina.locator("#marcadas")).to_have_text("3 de 4 marcadas")
    pagina.get_by_label("Dar las marcadas a").select_option(label="marta")
    pagina.get_by_role("button", name="Reasignar").press("Enter")
    expect(pagina.get_by_text("3 rellamadas reasignadas.")).to_be_visible()
    assert [r.agente_id for r in filas(rellamadas)] == [marta, marta, marta, None]
    assert faltas_graves(pagina) == []
    sin_desbordar(pagina)


def test_las_pestanas_de_la_cola(pagina, programar):
    programar("Tarde", -20, "600000001")
    programar("Pronto", 30, "600000002")
    pagina.goto("rellamadas")
    pestanas = pagina.get_by_role("navigation", name="Cuándo")
    pestanas.get_by_role("link", name="Vencidas").click()
    expect(pagina.get_by_role("link", name="Tarde Demo")).to_be_visible()
    expect(pagina.get_by_role("link", name="Pronto Demo")).to_have_count(0)
    pestanas.get_by_role("link", name="Próximas 60 min").click()
    expect(pagina.get_by_role("link", name="Pronto Demo")).to_be_visible()


def test_registrar_un_resultado_ensena_solo_los_campos_de_su_tipo(pagina, alta):
    ana = alta(nombre="Ana", apellidos="Demo", telefono="600123456")
    pagina.goto(f"clinica/{ana}")
    expect(pagina.get_by_label("A qué hora")).to_be_visible()
    expect(pagina.get_by_label("Por qué no")).to_be_hidden()
    assert faltas_graves(pagina) == []

    pagina.get_by_label("No le interesa").check()
    expect(pagina.get_by_label("A qué hora")).to_be_hidden()
    pagina.get_by_label("Por qué no").select_option("descontento")
    pagina.get_by_label("Notas de la llamada").fill("Ya tiene otro seguro")
    pagina.get_by_role("button", name="Guardar resultado").click()
    expect(pagina.get_by_text("Resultado anotado.")).to_be_visible()
    expect(pagina.locator(".historia")).to_contain_text(
        "Sin llamar → No Interesado · Descontento con Adeslas"
    )
    expect(pagina.locator(".historia")).to_contain_text("Ya tiene otro seguro")
    assert faltas_graves(pagina) == []
    sin_desbordar(pagina)


def test_a_una_hora_prohibida_se_propone_otra_y_basta_con_guardar(pagina, alta):
    ana = alta(nombre="Ana", telefono="600123456")
    pagina.goto(f"clinica/{ana}")
    # El navegador no deja elegir una hora pasada en su reloj, que aquí no es el de la prueba.
    pagina.get_by_label("A qué hora").evaluate(
        "campo => { campo.value = '2026-03-06T22:00'; campo.min = ''; }"
    )
    pagina.get_by_role("button", name="Guardar resultado").click()
    expect(pagina.get_by_role("alert")).to_contain_text("lun 09/03 09:00")
    expect(pagina.get_by_label("A qué hora")).to_have_value("2026-03-09T09:00")
    assert faltas_graves(pagina) == []
    pagina.get_by_role("button", name="Guardar resultado").click()
    expect(pagina.get_by_text("Volver a llamar el 09/03/2026 09:00")).to_be_visible()


def test_dar_una_cita_desde_la_ficha(pagina, alta, simulador):
    ana = alta(nombre="Ana", apellidos="Demo", telefono="600123456")
    pagina.goto(f"clinica/{ana}")
    pagina.get_by_role("link", name="Dar cita").click()
    pagina.get_by_label("Centro").select_option(index=1)
    pagina.get_by_role("button", name="Ver actividades").click()
    pagina.get_by_label("Actividad").select_option(index=1)
    pagina.get_by_role("button", name="Buscar huecos").click()
    expect(pagina.get_by_role("heading", name="Huecos libres")).to_be_visible()
    assert faltas_graves(pagina) == []
    sin_desbordar(pagina)

    simulador.fallar(
        "excepcion", "reservations", codigo="PROVIDER_RESERVATION_CONFLICT_ERROR", msg="Ocupado", veces=1
    )
    for aviso in ("Ese hueco lo acaba de coger otra persona", "Cita confirmada en TuoTempo."):
        pagina.get_by_role("radio").first.check()
        pagina.get_by_label("Fecha de nacimiento").fill("1980-01-01")
        pagina.get_by_role("button", name="Confirmar la cita").click()
        expect(pagina.get_by_text(aviso)).to_be_visible()
    expect(pagina.locator(".cabecera")).to_contain_text("Cita Agendada")
    expect(pagina.locator(".historia")).to_contain_text("Cita confirmada")
    assert simulador.reservas() == 1


def test_la_ficha_impresa_no_lleva_menu_ni_formularios(pagina, alta):
    ana = alta(nombre="Ana", telefono="600123456")
    pagina.goto(f"clinica/{ana}")
    pagina.emulate_media(media="print")
    expect(pagina.get_by_text("Ficha impresa el")).to_be_visible()
    for oculto in (".lateral", ".resultado", ".acciones"):
        expect(pagina.locator(oculto).first).to_be_hidden()


def test_excluir_buscar_y_cargar_una_lista(pagina, tmp_path):
    pagina.get_by_role("link", name="Exclusiones").click()
    expect(pagina.get_by_text("Aún no hay ninguno")).to_be_visible()
    assert faltas_graves(pagina) == []
    nuevo = pagina.get_by_role("region", name="Añadir un número")
    nuevo.get_by_label("Número").fill("600 123 456")
    nuevo.get_by_label("Motivo").fill("Lo pidió en la llamada")
    nuevo.get_by_role("button", name="Excluir").click()
    expect(pagina.get_by_text("El 600123456 ya no se puede llamar.")).to_be_visible()

    lista = tmp_path / "robinson.csv"
    lista.write_text("Teléfono\n600000001\n600000002\n")
    carga = pagina.get_by_role("region", name="Cargar una lista")
    carga.get_by_label("Fichero .xlsx o .csv").set_input_files(lista)
    carga.get_by_label("Lista").select_option("robinson")
    carga.get_by_role("button", name="Cargar").click()
    expect(pagina.get_by_text("2 números nuevos ya no se pueden llamar.")).to_be_visible(timeout=20_000)
    assert faltas_graves(pagina) == []
    pagina.get_by_role("link", name="Ver las exclusiones").click()

    pagina.get_by_role("search").get_by_label("Número").fill("6001")
    pagina.get_by_role("button", name="Buscar").click()
    expect(pagina.get_by_role("heading", name="1 número con ese filtro")).to_be_visible()
    assert faltas_graves(pagina) == []
    sin_desbordar(pagina)
