"""De una hoja subida a los contactos, con su historial."""

import re

import pytest

from tuotempo_leads.infraestructura.tablas import importaciones, leads, recargas

from .conftest import CSV


@pytest.fixture
def importar(jefa, app):
    """Encarga una importación desde el panel, la hace y da la dirección de su página."""

    def hacer(archivo="leads.csv", **mas):
        datos = {"archivo": archivo, "modo": "reemplazar", "simular": "0", **mas}
        respuesta = jefa.enviar("/recargar-datos/importaciones", **datos)
        app.extensions["importaciones"].una()
        return respuesta.location

    return hacer


def columnas(pagina):
    """De cada cabecera, el campo que tiene elegido."""
    filas = re.findall(r'class="fila">([^<]+)</th>(.*?)</select>', pagina, re.DOTALL)
    return {
        titulo: "".join(re.findall(r'<option value="(\w+)" selected>', opciones))
        for titulo, opciones in filas
    }


def test_de_la_hoja_a_los_contactos_pasando_por_la_simulacion(jefa, subir, importar, filas):
    assert subir(recargar_inmediato="1").location == "/recargar-datos/hoja?archivo=leads.csv"
    revisada = jefa.ver("/recargar-datos/hoja?archivo=leads.csv").text
    assert "Archivo leads.csv subido correctamente" in revisada
    assert columnas(revisada) == {"TELEFONO": "telefono", "NOMBRE": "nombre", "COLOR": ""}
    assert "600000001 · 600000002" in revisada

    simulada = jefa.ver(importar(simular="1")).text
    assert "todavía no ha cambiado nada" in simulada
    assert filas(leads) == filas(recargas) == []
    sha256 = re.search(r'name="sha256" value="(\w+)"', simulada)[1]

    hecha = jefa.ver(importar(sha256=sha256)).text
    assert "Recarga completada. Insertados: 2. Errores: 1." in hecha
    assert [lead.nombre for lead in filas(leads)] == ["Ana", "Luis"]
    historial = jefa.ver("/recargar-datos?pestana=historial").text
    assert all(
        dicho in historial for dicho in ("Éxito", "jefa", "leads.csv", sha256[:12], "Filas rechazadas")
    )


def test_las_rechazadas_se_descargan(jefa, subir, importar):
    subir()
    pagina = importar()
    fichero = jefa.ver(f"{pagina}/rechazadas")
    assert fichero.data.startswith(b"PK")
    assert "attachment" in fichero.headers["Content-Disposition"]


def test_el_trozo_dice_cuando_ha_terminado(jefa, subir, app):
    subir()
    datos = {"archivo": "leads.csv", "modo": "anadir", "simular": "0"}
    pagina = jefa.enviar("/recargar-datos/importaciones", **datos).location
    esperando = jefa.ver(f"{pagina}/trozo").text
    assert "<progress" in esperando
    assert "data-terminado" not in esperando
    app.extensions["importaciones"].una()
    assert "data-terminado" in jefa.ver(f"{pagina}/trozo").text


def test_cancelar_no_cambia_nada(jefa, subir, app, filas, fila):
    subir()
    datos = {"archivo": "leads.csv", "modo": "reemplazar", "simular": "0"}
    pagina = jefa.enviar("/recargar-datos/importaciones", **datos).location
    assert "leads.csv" in jefa.ver("/recargar-datos").text
    jefa.enviar(f"{pagina}/cancelar")
    app.extensions["importaciones"].una()
    assert "Cancelada" in jefa.ver(pagina).text
    assert filas(leads) == []
    assert fila(recargas).resultado == "cancelada"
    jefa.enviar(f"{pagina}/cancelar")
    assert fila(importaciones).estado == "cancelada"


def test_si_la_hoja_cambia_tras_simularla_no_se_importa(jefa, subir, importar, filas, ajustes):
    subir()
    importar(simular="1")
    respuesta = jefa.enviar(
        "/recargar-datos/importaciones", archivo="leads.csv", modo="anadir", simular="0", sha256="0" * 64
    )
    assert (respuesta.status_code, "vuelve a simularla" in respuesta.text) == (409, True)
    assert len(filas(importaciones)) == 1
    assert list((ajustes.directorio_datos / "importaciones").iterdir()) == []


def test_subir_dos_veces_el_mismo_nombre_no_pisa_la_primera(subir, jefa):
    subir()
    subir()
    pagina = jefa.ver("/recargar-datos").text
    assert "leads.csv" in pagina
    assert "leads (2).csv" in pagina


def test_elegir_una_existente_lleva_a_revisarla(jefa, subir):
    subir()
    elegida = jefa.enviar("/recargar-datos", action="recargar_existente", archivo="leads.csv")
    assert elegida.location == "/recargar-datos/hoja?archivo=leads.csv"


@pytest.mark.parametrize(
    "ruta", ["/recargar-datos", "/recargar-datos/hoja?archivo=a.csv", "/recargar-datos/importaciones/1"]
)
def test_un_agente_no_recarga_ni_por_la_direccion(panel, ruta):
    uno = panel("agente")
    assert uno.ver(ruta).status_code == 403
    assert uno.enviar("/recargar-datos/importaciones", archivo="a.csv", modo="anadir").status_code == 403


def test_el_historial_hace_las_mismas_consultas_con_muchas_lineas(jefa, subir, importar, consultas):
    subir()
    importar()
    pocas = consultas(lambda: jefa.ver("/recargar-datos?pestana=historial"))
    for _ in range(3):
        importar()
    assert len(consultas(lambda: jefa.ver("/recargar-datos?pestana=historial"))) == len(pocas) == 3


@pytest.mark.parametrize(("pestana", "esperadas"), [("disponibles", 2), ("subir", 2), ("historial", 3)])
def test_cada_pestana_hace_siempre_las_mismas_consultas(jefa, subir, importar, consultas, pestana, esperadas):
    ver = lambda: jefa.ver(f"/recargar-datos?pestana={pestana}")  # noqa: E731
    pocas = consultas(ver)
    for _ in range(3):
        subir()
        jefa.enviar("/recargar-datos/importaciones", archivo="leads.csv", modo="anadir", simular="1")
    assert len(consultas(ver)) == len(pocas) == esperadas


def test_la_pagina_de_una_importacion_hace_las_mismas_consultas_con_muchas_rechazadas(
    jefa, subir, importar, consultas
):
    subir()
    paginas = [importar()]
    subir(CSV + b"abc;X;Y\n" * 200, "malas.csv")
    paginas.append(importar("malas.csv", modo="anadir"))
    assert [len(consultas(lambda una=una: jefa.ver(una))) for una in paginas] == [3, 3]
