"""Las hojas que se suben: cuáles no valen, cómo se dice y con qué nombre quedan."""

import io
import zipfile

import pytest

from tests.libro_de_leads import CABECERA, escribir_xlsx, persona
from tuotempo_leads.infraestructura.hojas import vistazo
from tuotempo_leads.infraestructura.tablas import importaciones, leads, recargas


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
