import csv
import io
import re
from datetime import datetime

import pytest

from tuotempo_leads.infraestructura import listado
from tuotempo_leads.infraestructura.tablas import recargas, vistas_guardadas

VOLVER = "Volver a llamar"


@pytest.fixture
def nombres(panel):
    uno = panel("supervisor")

    def pedir(**filtro):
        pagina = uno.ver("/leads", query_string=filtro)
        assert pagina.status_code == 200, pagina.text
        return re.findall(r'class="fila"><a href="[^"]+">([^<]+)</a>', pagina.text)

    return pedir


@pytest.fixture
def cinco(alta):
    alta(
        nombre="Ana",
        telefono="600 000 001",
        status_level_1="Cita Agendada",
        status_level_2="Con Pack",
        conPack=True,
    )
    alta(
        nombre="Luis",
        telefono="+34600000002",
        codigo_postal="28013",
        status_level_1=VOLVER,
        status_level_2="buzón",
    )
    alta(nombre="Eva", codigo_postal="04700", call_attempts_count=4, call_time=datetime(2026, 3, 9, 23, 30))
    alta(nombre="Noé", status_level_1="Raro", origen_archivo="MARZO")
    alta(
        nombre="Íñigo",
        nombre_clinica="CLÍNICA López-de  Haro NORTE",
        nif="12345678Z",
        status_level_1="No Interesado",
        status_level_2="Próxima baja",
    )


@pytest.mark.parametrize(
    ("filtro", "quienes"),
    [
        ({}, ["Íñigo", "Noé", "Eva", "Luis", "Ana"]),
        ({"q": "600-000-002"}, ["Luis"]),
        ({"q": "600 000"}, ["Luis", "Ana"]),
        ({"q": "0000"}, []),  # por cómo empieza, no por lo que lleva dentro
        ({"q": "ev"}, ["Eva"]),
        ({"q": "INIGO"}, ["Íñigo"]),
        ({"q": "íñ lop"}, ["Íñigo"]),
        ({"q": "lópez-de norte"}, ["Íñigo"]),
        ({"q": "igo"}, []),
        ({"q": "íñigo ana"}, []),
        ({"q": "1234"}, ["Íñigo"]),
        ({"q": "%"}, []),
        ({"estado": VOLVER}, ["Luis"]),
        ({"estado": "contactado"}, ["Íñigo", "Noé", "Luis", "Ana"]),
        ({"estado": "sin-llamar"}, ["Eva"]),
        ({"estado": "otros"}, ["Noé"]),
        ({"subestado": "Próxima baja"}, ["Íñigo"]),
        ({"codigo": "buzon"}, ["Luis"]),
        ({"codigo": "bajaProxima"}, ["Íñigo"]),
        ({"provincia": "28"}, ["Luis"]),
        ({"provincia": "04"}, ["Eva"]),
        ({"con_pack": "1"}, ["Ana"]),
        ({"con_pack": "0", "estado": "contactado"}, ["Íñigo", "Noé", "Luis"]),
        ({"llamada_desde": "2026-03-10", "llamada_hasta": "2026-03-10"}, ["Eva"]),  # las 00:30 en Madrid
        ({"llamada_hasta": "2026-03-09"}, []),
        ({"intentos_desde": "1", "intentos_hasta": "4"}, ["Eva"]),
        ({"intentos_desde": "5"}, []),
        ({"origen": "MARZO"}, ["Noé"]),
        ({"pagina": "cualquiera"}, ["Íñigo", "Noé", "Eva", "Luis", "Ana"]),
    ],
)
def test_los_filtros(cinco, nombres, filtro, quienes):
    assert nombres(**filtro) == quienes


@pytest.mark.parametrize(
    ("filtro", "texto"),
    [
        ({"estado": "inventado"}, "Elige uno de la lista"),
        ({"llamada_desde": "ayer"}, "Escribe una fecha"),
        ({"intentos_desde": "muchos"}, "Escribe un número de 0 a 999"),
        ({"intentos_hasta": "-1"}, "Escribe un número de 0 a 999"),
        ({"q": "x" * 101}, "Como mucho 100 caracteres"),
    ],
)
def test_un_filtro_que_no_vale_se_dice_en_su_campo(panel, cinco, filtro, texto):
    pagina = panel("agente").ver("/leads", query_string=filtro)
    assert (pagina.status_code, texto in pagina.text) == (400, True)
    assert 'aria-invalid="true"' in pagina.text


def test_un_nombre_con_html_sale_como_texto(alta, panel):
    alta(nombre="<script>alert(1)</script>", nombre_clinica='"><img src=x>')
    pagina = panel("agente").ver("/leads").text
    assert "<script>alert" not in pagina
    assert "<img src=x>" not in pagina


def test_las_paginas_son_de_cincuenta_y_el_total_se_ve(alta, panel):
    for numero in range(120):
        alta(nombre=f"N{numero}")
    uno = panel("agente")
    ultima = uno.ver("/leads?pagina=3").text
    assert "120 contactos" in ultima
    assert "Página 3 de 3" in ultima
    assert ultima.count('class="fila"') == 20
    assert 'rel="next"' not in ultima


def test_no_se_cuenta_mas_alla_del_tope(alta, panel, monkeypatch):
    monkeypatch.setattr(listado, "TOPE", 100)
    for numero in range(102):
        alta(nombre=f"N{numero}")
    pagina = panel("agente").ver("/leads").text
    assert "Más de 100 contactos" in pagina
    assert "Página 1 de 2" in pagina


def test_la_lista_hace_las_mismas_consultas_con_muchos_contactos(panel, alta, consultas):
    uno = panel("agente")
    alta()
    pocas = consultas(lambda: uno.ver("/leads"))
    for _ in range(60):
        alta()
    assert len(consultas(lambda: uno.ver("/leads?estado=sin-llamar&provincia=28"))) == len(pocas) == 5


def test_una_vista_guardada_es_de_quien_la_guarda(panel, cinco, filas):
    ana, luis = panel("agente", "ana"), panel("agente", "luis")
    guardada = ana.enviar(
        "/leads/vistas", nombre="Buzones", filtros="estado=Volver+a+llamar&codigo=buzon&x=1"
    )
    assert guardada.location == "/leads?estado=Volver+a+llamar&codigo=buzon"
    ana.enviar("/leads/vistas", nombre="Buzones", filtros="codigo=buzon")
    (vista,) = filas(vistas_guardadas)
    assert vista.filtros == "codigo=buzon"
    assert "Buzones" in ana.ver("/leads").text
    assert "Buzones" not in luis.ver("/leads").text
    luis.enviar(f"/leads/vistas/{vista.id}/borrar")
    assert len(filas(vistas_guardadas)) == 1
    ana.enviar(f"/leads/vistas/{vista.id}/borrar")
    assert filas(vistas_guardadas) == []


@pytest.mark.parametrize("datos", [{"nombre": "", "filtros": "q=a"}, {"nombre": "v", "filtros": ""}, {}])
def test_una_vista_sin_nombre_o_sin_filtros_no_se_guarda(panel, filas, datos):
    uno = panel("agente")
    uno.enviar("/leads/vistas", **datos)
    assert "hacen falta un nombre y algún filtro" in uno.ver("/leads").text
    assert filas(vistas_guardadas) == []


def test_las_vistas_tienen_un_tope(panel, filas):
    uno = panel("agente")
    for numero in range(21):
        uno.enviar("/leads/vistas", nombre=f"v{numero}", filtros="q=a")
    assert len(filas(vistas_guardadas)) == 20
    assert "borra alguna" in uno.ver("/leads").text


def test_se_exporta_exactamente_lo_filtrado_y_queda_quien_lo_hizo(panel, cinco, fila):
    uno = panel("supervisor")
    fichero = uno.ver("/exportar-tabla-leads?estado=contactado&con_pack=0&formato=csv")
    assert "attachment" in fichero.headers["Content-Disposition"]
    leidas = csv.DictReader(io.StringIO(fichero.data.decode("utf-8-sig")), delimiter=";")
    assert {una["nombre"] for una in leidas} == {"Íñigo", "Noé", "Luis"}
    recarga = fila(recargas)
    assert (recarga.resultado, recarga.registros_importados, recarga.usuario_id is not None) == (
        "export",
        3,
        True,
    )


def test_la_pagina_enlaza_la_exportacion_con_su_mismo_filtro(panel, cinco):
    pagina = panel("supervisor").ver("/leads?estado=contactado&con_pack=0").text
    assert 'href="/exportar-tabla-leads?estado=contactado&amp;con_pack=0"' in pagina


def test_un_agente_no_exporta(panel, cinco):
    uno = panel("agente")
    assert "exportar-tabla-leads" not in uno.ver("/leads").text
    assert uno.ver("/exportar-tabla-leads").status_code == 403


@pytest.mark.parametrize("consulta", ["formato=pdf", "estado=inventado"])
def test_una_exportacion_que_no_vale_se_explica(panel, consulta):
    pagina = panel("supervisor").ver(f"/exportar-tabla-leads?{consulta}")
    assert (pagina.status_code, "no vale" in pagina.text) == (400, True)
