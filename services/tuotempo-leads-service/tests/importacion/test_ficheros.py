"""Ficheros que no se pueden importar: una frase que dice qué hacer, una línea en el historial y nada cambiado."""

import io
import zipfile

import pytest

from tests.libro_de_leads import CABECERA, escribir_csv, escribir_xlsx, persona
from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas import formato


@pytest.fixture
def enviar(web, app):
    """Sube un contenido y devuelve el texto de su error, lo digan la respuesta o el informe, o `None`."""

    def hacer(contenido, nombre):
        respuesta = web.post("/admin/importaciones", data={"archivo": (io.BytesIO(contenido), nombre)})
        if respuesta.status_code in (400, 413):
            assert respuesta.json["success"] is False
            assert respuesta.json["error"] == respuesta.json["message"]
            return respuesta.json["error"]
        app.extensions["importaciones"].una()
        return web.get(respuesta.headers["Location"]).json["error"]

    return hacer


@pytest.fixture
def no_cambia_nada(filas, alta):
    """Al acabar hay una recarga más, con error, y los mismos leads que al empezar."""
    alta(telefono="600123456", nombre="ANA")
    antes = filas(tablas.leads)
    yield
    assert filas(tablas.leads) == antes
    assert [recarga.resultado for recarga in filas(tablas.recargas)] == ["error"]


def bomba(octetos):
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as comprimido:
        comprimido.writestr("xl/workbook.xml", "<workbook/>")
        with comprimido.open("xl/worksheets/sheet1.xml", "w") as hoja:
            for _ in range(octetos // 1_000_000):
                hoja.write(b" " * 1_000_000)
    return salida.getvalue()


def otro_zip():
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as comprimido:
        comprimido.writestr("content.xml", "<office/>")
    return salida.getvalue()


@pytest.mark.parametrize(
    ("contenido", "nombre", "dice"),
    [
        (b"%PDF-1.7 ...", "contactos.xlsx", "es un PDF"),
        (b"", "contactos.xlsx", "está vacío (0 bytes)"),
        (
            b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
            "contactos.xls",
            "es un Excel antiguo (.xls) o tiene contraseña",
        ),
        (b"PK\x03\x04 roto", "contactos.xlsx", "está dañado"),
        (otro_zip(), "contactos.xlsx", "no es un libro de Excel"),
        (b"TELEFONO\n600123456\n", "contactos.xlsx", "no es un libro de Excel aunque su nombre lo diga"),
        (b"<!doctype html><title>Entrar</title>", "data.xlsx", "es una página web"),
        (b"\x01\x02\x00\x03", "datos.bin", "no es un .xlsx ni un .csv"),
        (bomba(50_000_000), "bomba.xlsx", "ocupa demasiado al abrirlo (50 MB)"),
        (b"TELEFONO;NOMBRE\n", "solo.csv", "solo tiene la fila de cabeceras"),
        (b"\n\n  \n", "blanco.csv", "no tiene ninguna fila"),
        (b"NOMBRE;CIUDAD\nAna;Vigo\n", "sin.csv", "Ninguna columna es un teléfono"),
        (b'TELEFONO;NOMBRE\n600123456;"Ana\n', "comillas.csv", "comillas mal cerradas a partir de la fila 2"),
        (b"TELEFONO" + b";C" * 300 + b"\n1\n", "ancha.csv", "pasa de 200 columnas"),
    ],
    ids=lambda valor: valor if isinstance(valor, str) and "." in valor and " " not in valor else "",
)
@pytest.mark.usefixtures("no_cambia_nada")
def test_un_fichero_que_no_vale_se_explica_y_no_cambia_nada(enviar, contenido, nombre, dice):
    assert dice in enviar(contenido, nombre)


@pytest.mark.usefixtures("no_cambia_nada")
def test_un_libro_con_dos_hojas_con_datos_pide_dejar_una(enviar, tmp_path):
    libro = escribir_xlsx(tmp_path / "dos.xlsx", [persona(1)], otras=["Llamadas"])
    assert "tiene 2 hojas con datos («Sheet1», «Llamadas»)" in enviar(libro.read_bytes(), "dos.xlsx")


@pytest.mark.usefixtures("no_cambia_nada")
def test_mas_de_veinte_mebibytes_es_un_413_que_dice_como_seguir(web):
    datos = {"archivo": (io.BytesIO(b"1" * (formato.MAXIMO_DEL_FICHERO + 1)), "grande.csv")}
    respuesta = web.post("/admin/importaciones", data=datos)
    assert respuesta.status_code == 413
    assert "«grande.csv» pasa de 20 MiB: divídelo" in respuesta.json["error"]


def test_un_cuerpo_que_ni_cabe_en_el_formulario_tambien_es_un_413_con_su_frase(web, filas):
    datos = {
        "archivo": (io.BytesIO(b"1" * (formato.MAXIMO_DEL_FICHERO + 2 * formato.MEBIBYTE)), "grande.csv")
    }
    respuesta = web.post("/admin/importaciones", data=datos)
    assert (respuesta.status_code, filas(tablas.recargas)[0].resultado) == (413, "error")
    assert "pasa de 20 MiB" in respuesta.json["error"]


@pytest.mark.usefixtures("no_cambia_nada")
def test_una_bomba_que_miente_sobre_su_tamano_muere_en_su_proceso(enviar):
    octetos = 2_000_000_000
    mentira = bomba(octetos).replace(octetos.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert "bomba.xlsx" in enviar(mentira, "bomba.xlsx")


@pytest.mark.parametrize(
    ("separador", "codificacion"),
    [(";", "latin-1"), (";", "cp1252"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8")],
)
def test_un_csv_se_entiende_con_cualquier_separador_y_codificacion(
    enviar, tmp_path, filas, separador, codificacion
):
    ruta = escribir_csv(
        tmp_path / "a.csv",
        [["600123456", "MARÍA; LA, NIÑA", "4700"]],
        ["TELÉFONO", "NOMBRE", "CP"],
        separador=separador,
        codificacion=codificacion,
    )
    assert enviar(ruta.read_bytes(), "a.csv") is None
    (lead,) = filas(tablas.leads)
    assert (lead.nombre, lead.codigo_postal) == ("MARÍA; LA, NIÑA", "04700")


def test_la_linea_sep_que_escribe_excel_no_es_la_cabecera(enviar, filas):
    assert enviar(b"sep=,\r\nTELEFONO,NOMBRE\r\n600123456,Ana\r\n", "a.csv") is None
    assert filas(tablas.leads)[0].nombre == "Ana"


def test_una_fila_de_csv_con_celdas_de_mas_se_rechaza_y_las_demas_entran(enviar, filas):
    assert enviar(b"TELEFONO;NOMBRE\n600123456;Ana;Calle;12\n600123457;Eva\n", "a.csv") is None
    assert [lead.nombre for lead in filas(tablas.leads)] == ["Eva"]
    assert "más celdas que la cabecera" in filas(tablas.importaciones_erroneas)[0].motivo


def test_las_filas_formateadas_y_vacias_no_cuentan(enviar, tmp_path, filas):
    vacias = [[None] * len(CABECERA) for _ in range(1492)]
    libro = escribir_xlsx(tmp_path / "data_prueba.xlsx", [*(persona(n) for n in range(8)), *vacias])
    assert enviar(libro.read_bytes(), "data_prueba.xlsx") is None
    assert filas(tablas.importaciones)[0].total == 8


def test_el_nombre_del_fichero_es_un_rotulo_y_nunca_una_ruta(enviar, filas, ajustes):
    assert enviar(b"TELEFONO\n600123456\n", "../../etc/pas\x07swd.csv") is None
    assert filas(tablas.importaciones)[0].archivo == "passwd.csv"
    assert list((ajustes.directorio_datos / "importaciones").iterdir()) == []


def test_sin_fichero_ni_direccion_se_dice_donde_va(web):
    respuesta = web.post("/admin/importaciones", data={"otra": "cosa"})
    assert respuesta.status_code == 400
    assert "'archivo'" in respuesta.json["error"]


@pytest.mark.parametrize("opcion", [{"modo": "borrar"}, {"simular": "quizas"}])
def test_una_opcion_que_no_existe_es_un_400_que_la_nombra(web, opcion):
    respuesta = web.post("/admin/importaciones", query_string=opcion)
    assert respuesta.status_code == 400
    assert next(iter(opcion)) in respuesta.json["error"]
