import re
from datetime import datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from tuotempo_leads.aplicacion import hoy
from tuotempo_leads.entradas.panel import inicio
from tuotempo_leads.infraestructura.tablas import llamadas

AHORA = datetime(2026, 3, 10, 11, 0)  # las 12:00 en Madrid
CITA, NO, VOLVER = "Cita Agendada", "No Interesado", "Volver a llamar"


@pytest.fixture
def llamar(app):
    def guardar(hace=timedelta(), nivel_1=None, con_pack=False, veces=1):
        fila = {
            "lead_id": 1,
            "telefono_norm": "600000001",
            "momento": AHORA - hace,
            "origen": "api",
            "status_level_1": nivel_1,
            "conPack": con_pack,
        }
        with app.extensions["bd"].escritura() as conexion:
            conexion.execute(sa.insert(llamadas), [fila] * veces)

    return guardar


@pytest.fixture
def cifras(app, ajustes):
    def calcular():
        with app.extensions["bd"].lectura() as conexion:
            return hoy.calcular(conexion, AHORA, ajustes.zona)

    return calcular


def test_los_contactos_se_cuentan_por_estado_y_lo_raro_va_a_otros(alta, cifras):
    for estado, pack in (
        (CITA, True),
        (CITA, False),
        (VOLVER, False),
        (NO, False),
        ("Raro", False),
        ("", False),
    ):
        alta(status_level_1=estado, conPack=pack)
    alta()
    todos = cifras().contactos
    assert (todos.total, todos.contactados, todos.con_pack, todos.sin_pack) == (7, 5, 1, 1)
    assert (todos.citas, todos.volver, todos.no_interesados, todos.otros) == (2, 1, 1, 1)


def test_los_graficos_siempre_suman(alta, cifras):
    for dos in ("buzón", "cortado", "algo nuevo", None):
        alta(status_level_1=VOLVER, status_level_2=dos)
    for dos in ("Próxima baja", "otra cosa"):
        alta(status_level_1=NO, status_level_2=dos)
    alta(status_level_1=CITA, conPack=True)
    alta(status_level_1="Raro")
    alta()
    totales = {grafico.clave: grafico.total for grafico in cifras().graficos}
    assert totales == {"estados": 9, "volver": 4, "no-interesado": 2, "citas": 1}


def test_hoy_se_compara_con_ayer_hasta_esta_hora(llamar, cifras):
    llamar(timedelta(hours=1), CITA, con_pack=True, veces=3)
    llamar(timedelta(hours=25), NO)
    llamar(timedelta(hours=20), NO, veces=5)  # ayer por la tarde
    vistas = cifras()
    assert (vistas.hoy.total, vistas.hoy.citas, vistas.ayer.total, vistas.dias[1].recuento.total) == (
        3,
        3,
        1,
        6,
    )


def test_la_semana_son_siete_dias_de_reloj_aunque_no_haya_llamadas(llamar, cifras):
    llamar(timedelta(hours=11, minutes=59))  # hoy a las 00:01 de Madrid
    llamar(timedelta(hours=12, minutes=1))  # ayer a las 23:59
    llamar(timedelta(days=7))
    dias = cifras().dias
    assert [dia.fecha.day for dia in dias] == [10, 9, 8, 7, 6, 5, 4]
    assert [dia.recuento.total for dia in dias] == [1, 1, 0, 0, 0, 0, 0]


def test_las_tarjetas_escriben_las_cifras_en_espanol(cifras, alta, llamar):
    for _ in range(3):
        alta(status_level_1=VOLVER)
    alta()
    llamar(nivel_1=VOLVER, hace=timedelta(hours=1))
    llamar(hace=timedelta(hours=1))
    llamar(hace=timedelta(hours=25), veces=4)
    vistas = [(t.titulo, t.valor, t.hoy, t.diferencia) for t in inicio.tarjetas(cifras())]
    assert vistas == [
        ("Total llamadas", "4", "2", "−2"),
        ("Leads contactados", "3", "1", "+1"),
        ("Citas agendadas", "0", "0", "="),
        ("Volver a llamar", "3", "1", "+1"),
        ("No interesados", "0", "0", "="),
        ("Tasa contacto", "75,0 %", "50,0 %", "+50,0 p."),
    ]


def test_sin_contactos_dice_que_hacer(panel):
    assert "Todavía no hay contactos" in panel("agente").ver("/").text


def test_cada_numero_lleva_a_las_filas_que_cuenta(panel, alta):
    uno = panel("agente")
    alta(status_level_1=CITA, conPack=True)
    alta(status_level_1=VOLVER, status_level_2="algo nuevo")
    alta(status_level_1="Raro", status_level_2="x")
    alta()
    pagina = uno.ver("/").text.split('class="graficos"')[1]
    partes = re.findall(r'<li><a href="([^"]+)">.*?<span class="cuanto">(\d+)</span>', pagina, re.DOTALL)
    assert len(partes) == 6 + 5 + 6 + 2
    for destino, cuantos in partes:
        cuenta = re.search(r"(\d+) contactos?", uno.ver(unescape(destino)).text)
        assert cuenta[1] == cuantos, destino


def test_el_trozo_que_se_refresca_no_trae_la_pagina_entera(panel, alta):
    alta()
    uno = panel("agente")
    trozo = uno.ver("/panel/hoy", headers={"X-Requested-With": "fetch"})
    assert (trozo.status_code, "<html" in trozo.text, "Distribución de estados" in trozo.text) == (
        200,
        False,
        True,
    )
    assert uno.web.get("/logout").status_code == 302
    assert uno.ver("/panel/hoy", headers={"X-Requested-With": "fetch"}).status_code == 401


def test_la_pagina_hace_las_mismas_consultas_con_muchos_contactos(panel, alta, consultas):
    uno = panel("agente")
    alta(status_level_1=VOLVER)
    pocas = consultas(lambda: uno.ver("/"))
    for _ in range(60):
        alta(status_level_1=CITA)
    assert len(consultas(lambda: uno.ver("/"))) == len(pocas) == 4
