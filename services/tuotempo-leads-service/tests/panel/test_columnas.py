"""Corregir a qué campo va cada columna antes de importar, y que se recuerde."""

import re

import pytest

from tuotempo_leads.infraestructura.tablas import correspondencias, importaciones, leads

HOJA = "Núm. de contacto;Quién;Otra\n600000001;Ana;rojo\n600000002;Luis;azul\n"
ELEGIDAS = {"campo-0": "telefono", "campo-1": "nombre", "campo-2": ""}


@pytest.fixture
def subir_rara(subir):
    return lambda nombre="rara.csv", contenido=HOJA: subir(contenido.encode(), nombre)


@pytest.fixture
def encargar(jefa, app):
    def hacer(archivo="rara.csv", **mas):
        datos = {"archivo": archivo, "modo": "anadir", "simular": "1", **mas}
        respuesta = jefa.enviar("/recargar-datos/importaciones", **datos)
        app.extensions["importaciones"].una()
        return respuesta

    return hacer


def elegidas(pagina):
    return re.findall(r'<option value="(\w+)" selected>', pagina)


def test_una_hoja_sin_cabeceras_conocidas_se_importa_eligiendo_sus_columnas(
    jefa, subir_rara, encargar, filas
):
    subir_rara()
    vista = jefa.ver("/recargar-datos/hoja?archivo=rara.csv")
    assert (vista.status_code, "Ninguna columna es un teléfono" in vista.text) == (400, True)
    simulada = jefa.ver(encargar(**ELEGIDAS).location).text
    assert "todavía no ha cambiado nada" in simulada
    oculto = re.findall(r'name="(sha256|simulada)" value="([^"]+)"', simulada)
    encargar(simular="0", **dict(oculto))
    assert [(lead.telefono, lead.nombre) for lead in filas(leads)] == [
        ("600000001", "Ana"),
        ("600000002", "Luis"),
    ]


def test_lo_elegido_se_recuerda_para_la_proxima_hoja_con_esas_cabeceras(jefa, subir_rara, encargar, fila):
    subir_rara()
    encargar(**ELEGIDAS)
    assert fila(correspondencias).usuario_id is not None
    subir_rara("abril.csv", HOJA.replace("Núm. de contacto", "NUM DE CONTACTO"))
    vista = jefa.ver("/recargar-datos/hoja?archivo=abril.csv")
    assert vista.status_code == 200
    assert "se eligieron la última vez" in vista.text
    assert elegidas(vista.text) == ["telefono", "nombre"]
    encargar("abril.csv", **ELEGIDAS | {"campo-2": "segmento"})
    assert elegidas(jefa.ver("/recargar-datos/hoja?archivo=rara.csv").text) == [
        "telefono",
        "nombre",
        "segmento",
    ]
    subir_rara("otra.csv", "Telefono;Quién\n600000001;Ana\n")
    assert elegidas(jefa.ver("/recargar-datos/hoja?archivo=otra.csv").text) == ["telefono"]


def test_lo_que_ya_se_entiende_no_se_guarda(subir_rara, encargar, filas):
    subir_rara("normal.csv", "TELEFONO;NOMBRE\n600000001;Ana\n")
    encargar("normal.csv", **{"campo-0": "telefono", "campo-1": "nombre"})
    assert filas(correspondencias) == []
    assert [una.correspondencia for una in filas(importaciones)] == [None]


def test_al_corregir_se_vuelve_a_ver_que_valores_no_valen(jefa, subir_rara):
    subir_rara()
    cambiada = jefa.enviar("/recargar-datos/hoja", archivo="rara.csv", modo="anadir", **ELEGIDAS)
    assert cambiada.status_code == 200
    assert "no valen" not in cambiada.text
    assert re.search(r'value="anadir" checked', cambiada.text)
    mal = jefa.enviar(
        "/recargar-datos/hoja", archivo="rara.csv", **ELEGIDAS | {"campo-1": "fecha_nacimiento"}
    )
    assert "2 de 2 no valen" in mal.text


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"campo-0": ""}, "Elige qué columna es el teléfono"),
        ({"campo-2": "nombre"}, "«Quién» y «Otra» van las dos a «nombre»: deja solo una de ellas."),
        ({"campo-2": "password_hash"}, "Las columnas elegidas no son las de esta hoja"),
        ({"campo-9": "email"}, "Las columnas elegidas no son las de esta hoja"),
    ],
)
@pytest.mark.parametrize("ruta", ["/recargar-datos/hoja", "/recargar-datos/importaciones"])
def test_una_eleccion_imposible_se_rechaza_y_no_encarga_nada(jefa, subir_rara, filas, ruta, cambio, queja):
    subir_rara()
    datos = {"archivo": "rara.csv", "modo": "anadir", "simular": "1", **ELEGIDAS, **cambio}
    respuesta = jefa.enviar(ruta, **datos)
    assert (respuesta.status_code, queja in respuesta.text) == (400, True)
    assert filas(importaciones) == filas(correspondencias) == []


def test_un_agente_no_corrige_nada(panel):
    assert panel("agente").enviar("/recargar-datos/hoja", archivo="a.csv", **ELEGIDAS).status_code == 403
