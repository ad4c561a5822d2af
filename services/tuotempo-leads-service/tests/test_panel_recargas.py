import io
import re
import zipfile

import pytest
from pydantic import SecretStr

from tests.libro_de_leads import CABECERA, escribir_xlsx, persona
from tuotempo_leads.entradas import carga_excel
from tuotempo_leads.infraestructura.hojas import vistazo
from tuotempo_leads.infraestructura.tablas import importaciones, leads, recargas

CSV = b"TELEFONO;NOMBRE;COLOR\n600000001;Ana;rojo\n600000002;Luis;azul\nabc;Eva;verde\n"


@pytest.fixture
def jefa(panel):
    return panel("supervisor", "jefa")


@pytest.fixture
def subir(jefa):
    def hacer(contenido=CSV, nombre="leads.csv", **mas):
        datos = {"action": "subir_archivo", "archivo": (io.BytesIO(contenido), nombre), **mas}
        return jefa.enviar("/recargar-datos", **datos)

    return hacer


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


def _bomba():
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as comprimido:
        comprimido.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return salida.getvalue()


@pytest.mark.parametrize(
    ("nombre", "contenido", "texto"),
    [
        ("leads.xlsx", b"%PDF-1.7", "es un PDF"),
        ("leads.csv", b"", "está vacío (0 bytes)"),
        ("leads.pdf", b"%PDF-1.7", "Formato de archivo no válido."),
        ("bomba.xlsx", _bomba(), "ocupa demasiado al abrirlo"),
    ],
)
def test_un_fichero_malo_se_explica_y_queda_en_el_historial(
    jefa, subir, fila, filas, alta, nombre, contenido, texto
):
    alta(nombre="Ana")
    subir(contenido, nombre)
    assert texto in jefa.ver("/recargar-datos?pestana=subir").text
    linea = fila(recargas)
    assert (linea.resultado, texto in linea.mensaje, linea.usuario_id is not None) == ("error", True, True)
    assert len(filas(leads)) == 1


def test_treinta_megas_se_rechazan_con_una_frase(jefa, subir, fila):
    respuesta = subir(b"0" * 30_000_000, "leads.csv")
    assert (respuesta.status_code, "divídelo en varios" in respuesta.text) == (413, True)
    assert fila(recargas).resultado == "error"


@pytest.mark.parametrize(
    ("hacer", "texto"),
    [
        (lambda ruta: escribir_xlsx(ruta, [persona(1)], otras=("Otra",)), "tiene 2 hojas con datos"),
        (lambda ruta: escribir_xlsx(ruta, [["x"]], cabecera=("NOMBRE",)), "Ninguna columna es un teléfono"),
    ],
)
def test_lo_que_se_ve_al_abrir_la_hoja_tambien_se_explica(jefa, subir, fila, tmp_path, hacer, texto):
    subir(hacer(tmp_path / "malo.xlsx").read_bytes(), "malo.xlsx")
    pagina = jefa.ver("/recargar-datos/hoja?archivo=malo.xlsx", follow_redirects=True)
    assert texto in pagina.text
    assert fila(recargas).resultado == "error"


def test_el_vistazo_entiende_el_libro_de_verdad(tmp_path):
    libro = escribir_xlsx(tmp_path / "l.xlsx", [persona(n) for n in range(1, 9)])
    visto = vistazo.mirar(libro, "l.xlsx")
    campos = {columna.titulo: columna.campo for columna in visto.columnas}
    assert visto.filas == 8
    assert len(visto.columnas) == len(CABECERA)
    assert (campos["TELEFONO1"], campos["TLF_CLINICA"], campos["areaId"]) == ("telefono", "", "area_id")
    assert all(len(columna.muestra) == vistazo.FILAS for columna in visto.columnas)


@pytest.mark.parametrize("nombre", ["../leads.sqlite", "/etc/passwd", "..", "", "clave_del_panel", "no.csv"])
def test_un_nombre_que_no_esta_en_la_lista_no_existe(jefa, subir, nombre, filas):
    subir()
    assert jefa.ver("/recargar-datos/hoja", query_string={"archivo": nombre}).status_code == 404
    datos = {"archivo": nombre, "modo": "anadir", "simular": "1"}
    assert jefa.enviar("/recargar-datos/importaciones", **datos).status_code == 404
    assert filas(importaciones) == []


def test_un_nombre_con_carpetas_se_guarda_sin_ellas(subir, jefa, ajustes):
    subir(nombre="../../fuera.csv")
    assert (ajustes.directorio_datos / "hojas" / "fuera.csv").exists()


@pytest.mark.parametrize(
    ("datos", "texto"),
    [
        ({"action": "recargar_existente"}, "Debes seleccionar un archivo"),
        ({"action": "subir_archivo"}, "No se seleccionó ningún archivo"),
    ],
)
def test_sin_archivo_lo_pide(jefa, datos, texto):
    jefa.enviar("/recargar-datos", **datos)
    assert texto in jefa.ver("/recargar-datos").text
    assert jefa.enviar("/recargar-datos", action="otra").status_code == 400


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


@pytest.fixture
def en_produccion(otra_app, panel):
    def entrar_como(rol):
        uno = panel(rol)
        testigo = uno.web.get_cookie("leads_sesion").value
        web = otra_app(entorno="production", clave_de_administracion=SecretStr("llave")).test_client()
        web.set_cookie("leads_sesion", testigo)
        return web

    return entrar_como


@pytest.mark.parametrize(
    ("rol", "desde", "estado"),
    [
        ("supervisor", "same-origin", 200),
        ("admin", "same-origin", 200),
        ("agente", "same-origin", 401),
        ("supervisor", None, 401),
        ("supervisor", "none", 401),
        ("supervisor", "cross-site", 403),
    ],
)
def test_la_sesion_del_panel_abre_la_administracion_solo_desde_sus_paginas(en_produccion, rol, desde, estado):
    cabeceras = {"Sec-Fetch-Site": desde} if desde else {}
    assert en_produccion(rol).get("/admin/importaciones", headers=cabeceras).status_code == estado


def test_otro_sitio_no_puede_hacer_que_el_navegador_cargue_datos(web, filas, monkeypatch):
    monkeypatch.setattr(carga_excel, "_encargar", lambda _: pytest.fail("no debía encargarse"))
    respuesta = web.get("/admin/load-excel", headers={"Sec-Fetch-Site": "cross-site"})
    assert (respuesta.status_code, respuesta.json["success"]) == (403, False)
    assert filas(importaciones) == []


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
