"""Exportar (§3.3): texto en todas las celdas, nada que parezca una fórmula, e ida y vuelta sin cambios."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from python_calamine import CalamineWorkbook

from tests.libro_de_leads import CABECERA, escribir_csv, escribir_xlsx, persona
from tuotempo_leads.dominio import celdas
from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas.escritura import a_texto, escribir

SUMANDOS = ("creadas", "actualizadas", "sin_cambios", "omitidas", "erroneas", "eliminadas")


@pytest.fixture
def exportar(web):
    """Las filas exportadas, como diccionarios de texto, y el contenido del fichero."""

    def hacer(formato="xlsx", **filtro):
        respuesta = web.get("/admin/exportacion", query_string={"formato": formato, **filtro})
        assert respuesta.status_code == 200, respuesta.json
        contenido = respuesta.data
        respuesta.close()
        if formato == "csv":
            return list(csv.DictReader(io.StringIO(contenido.decode("utf-8-sig")), delimiter=";")), contenido
        cabecera, *filas = (
            CalamineWorkbook.from_filelike(io.BytesIO(contenido)).get_sheet_by_index(0).to_python()
        )
        return [dict(zip(cabecera, fila, strict=True)) for fila in filas], contenido

    return hacer


@pytest.fixture
def importar(web, app):
    def hacer(contenido, nombre, **opciones):
        datos = {"archivo": (io.BytesIO(contenido), nombre)}
        destino = web.post("/admin/importaciones", data=datos, query_string=opciones).headers["Location"]
        app.extensions["importaciones"].una()
        return web.get(destino).json

    return hacer


@pytest.mark.parametrize("formato", ["xlsx", "csv"])
def test_todas_las_celdas_son_texto_y_no_pierden_ceros_ni_prefijos(alta, exportar, formato):
    alta(
        telefono="+33612345678",
        codigo_postal="04700",
        nif="00000001Z",
        orden=3,
        cita=datetime(2030, 7, 6, 12, 30),
    )
    (fila,), _ = exportar(formato)
    assert fila["telefono"] == "'+33612345678"
    assert (fila["codigo_postal"], fila["nif"], fila["orden"]) == ("04700", "00000001Z", "3")
    assert (fila["cita"], fila["conPack"]) == ("2030-07-06 12:30:00", "0")
    assert "telefono_norm" not in fila


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
@pytest.mark.parametrize("formato", ["xlsx", "csv"])
def test_lo_que_parece_una_formula_sale_neutralizado(alta, exportar, formato, formula):
    alta(telefono="600123456", nombre=formula)
    assert exportar(formato)[0][0]["nombre"].startswith("'")


def test_ninguna_celda_del_libro_es_una_formula_ni_un_enlace(alta, exportar):
    alta(
        telefono="600123456",
        nombre='=HYPERLINK("https://ejemplo.org")',
        apellidos="https://ejemplo.org",
        ciudad="{=A1}",
    )
    _, contenido = exportar()
    import zipfile

    hoja = zipfile.ZipFile(io.BytesIO(contenido)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in hoja
    assert b"hyperlink" not in hoja.lower().replace(b"'=hyperlink(", b"")


@pytest.mark.parametrize("modo", ["reemplazar", "anadir"])
@pytest.mark.parametrize("formato", ["xlsx", "csv"])
def test_lo_exportado_se_vuelve_a_importar_sin_cambiar_nada(
    alta, web, tmp_path, importar, exportar, filas, formato, modo
):
    libro = escribir_xlsx(tmp_path / "a.xlsx", [persona(n) for n in range(1, 30)])
    importar(libro.read_bytes(), "a.xlsx")
    alta(telefono="+34 600 999 001", nombre="=1+1", apellidos="  DE LA\tO ", codigo_postal="4700", nif="'=X")
    alta(
        telefono="+33612345678", nombre="null", ciudad="A;B\"C'\nD", direccion_clinica="CALLE 1, 28013 MADRID"
    )
    alta(
        telefono="600999003",
        fecha_nacimiento=date(1980, 1, 2),
        telefono2="600-99-90-04",
        email="a@ejemplo.org",
    )
    alta(telefono="600999003", nombre="MISMO TELÉFONO")
    alta(telefono="600999003", nombre="MISMO TELÉFONO")
    llamada = {"telefono": "600000001", "status_level_1": "No Interesado", "razonNoInteres": "=porque sí"}
    assert web.post("/api/actualizar_resultado", json=llamada).status_code == 200
    antes = filas(tablas.leads)
    _, contenido = exportar(formato)
    informe = importar(contenido, f"leads.{formato}", modo=modo)
    assert [informe[nombre] for nombre in SUMANDOS] == [0, 0, 34, 0, 0, 0], informe["rechazadas"]
    assert filas(tablas.leads) == antes


def test_en_otra_base_lo_exportado_recrea_los_mismos_leads(importar, exportar, web, filas, app, tmp_path):
    importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(n) for n in range(5)]).read_bytes(), "a.xlsx")
    web.post("/api/actualizar_resultado", json={"telefono": "600000001", "status_level_1": "No Interesado"})
    antes, (_, contenido) = filas(tablas.leads), exportar()
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(tablas.leads.delete())
    assert importar(contenido, "leads.xlsx")["creadas"] == 5
    propias = [c.name for c in tablas.leads.c if c.name in CABECERA_DE_NEGOCIO]
    assert [[getattr(lead, c) for c in propias] for lead in filas(tablas.leads)] == [
        [getattr(lead, c) for c in propias] for lead in antes
    ]


CABECERA_DE_NEGOCIO = {
    *(
        "telefono",
        "telefono2",
        "telefono_norm",
        "nombre",
        "apellidos",
        "nif",
        "codigo_postal",
        "poliza",
        "area_id",
    ),
    *("fecha_nacimiento", "match_confidence", "status_level_1", "conPack", "orden"),
}


@pytest.mark.parametrize(
    ("filtro", "quienes"),
    [
        ({}, {"ANA", "EVA", "100%"}),
        ({"q": "ana"}, {"ANA"}),
        ({"q": "+34 600 000 002"}, {"EVA"}),
        ({"q": "600 000 0"}, {"ANA", "EVA", "100%"}),
        ({"q": "100%"}, {"100%"}),
        ({"q": "_"}, set()),
        ({"estado": "No Interesado"}, {"EVA"}),
        ({"con_pack": "1"}, {"ANA"}),
        ({"con_pack": "0"}, {"EVA", "100%"}),
        ({"origen": "a.xlsx"}, {"100%"}),
        ({"resultado": "no interesado"}, set()),
    ],
)
def test_se_exporta_lo_mismo_que_se_filtra(alta, exportar, filtro, quienes):
    alta(telefono="600000001", nombre="ANA", conPack=True)
    alta(telefono="600000002", nombre="EVA", status_level_1="No Interesado")
    alta(telefono="600000003", nombre="100%", origen_archivo="a.xlsx")
    assert {fila["nombre"] for fila in exportar(**filtro)[0]} == quienes


@pytest.mark.parametrize("malo", [{"formato": "pdf"}, {"con_pack": "tal vez"}, {"q": "x" * 101}])
def test_un_filtro_que_no_vale_es_un_400_que_lo_nombra(web, malo):
    respuesta = web.get("/admin/exportacion", query_string=malo)
    assert respuesta.status_code == 400
    assert next(iter(malo)) in respuesta.json["error"]


def test_exportar_deja_una_linea_en_el_historial_con_cuantos_y_que_filtro(alta, exportar, filas):
    alta(telefono="600000001", nombre="ANA")
    exportar("csv", q="ana")
    (recarga,) = filas(tablas.recargas)
    assert (recarga.resultado, recarga.registros_importados) == ("export", 1)
    assert recarga.mensaje == f"Exportado a {recarga.archivo} (filtrado por q)"


def test_la_exportacion_es_un_adjunto_con_su_tipo_y_no_deja_ficheros(alta, web, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporal"))
    (tmp_path / "temporal").mkdir()
    alta(telefono="600000001")
    for formato, tipo in (("xlsx", "spreadsheetml.sheet"), ("csv", "text/csv")):
        respuesta = web.get(f"/admin/exportacion?formato={formato}")
        assert tipo in respuesta.content_type
        assert f'.{formato}"' in respuesta.headers["Content-Disposition"]
        assert int(respuesta.headers["Content-Length"]) == len(respuesta.data)
        respuesta.close()
    web.get("/admin/exportacion", buffered=False).close()  # quien se va sin leerla tampoco deja nada
    assert list((tmp_path / "temporal").iterdir()) == []


def test_las_rechazadas_se_descargan_corrigen_y_vuelven_a_subir(web, importar, tmp_path, filas):
    libro = escribir_xlsx(
        tmp_path / "a.xlsx", [persona(1), persona(2, TELEFONO1="6000000O2", FECHA_NACIMIENTO="ayer")]
    )
    informe = importar(libro.read_bytes(), "a.xlsx")
    descarga = web.get(f"/admin/importaciones/{informe['id']}/rechazadas")
    hoja = CalamineWorkbook.from_filelike(io.BytesIO(descarga.data)).get_sheet_by_index(0).to_python()
    descarga.close()
    assert hoja[0] == ["Fila", "Rechazo", "Columna", "Valor", "Motivo", *CABECERA]
    mala = dict(zip(hoja[0], hoja[1], strict=True))
    assert (mala["Fila"], mala["Rechazo"], mala["Columna"]) == (
        "3",
        "erronea",
        "TELEFONO1 | FECHA_NACIMIENTO",
    )
    assert (mala["Valor"], mala["POLIZA"]) == ("6000000O2 | ayer", "7000002")
    mala |= {"TELEFONO1": "600000002", "FECHA_NACIMIENTO": "02/01/1980"}
    corregida = escribir_csv(tmp_path / "b.csv", [list(mala.values())], list(mala))
    assert importar(corregida.read_bytes(), "b.csv", modo="anadir")["creadas"] == 1
    assert [lead.nombre for lead in filas(tablas.leads)] == ["ANA 1", "ANA 2"]


def test_sin_rechazadas_no_hay_nada_que_descargar(web, importar, tmp_path):
    informe = importar(escribir_xlsx(tmp_path / "a.xlsx", [persona(1)]).read_bytes(), "a.xlsx")
    assert web.get(f"/admin/importaciones/{informe['id']}/rechazadas").status_code == 404


def se_importa(texto: str) -> bool:
    """Un texto igual a un error de Excel (`#N/A`) nunca entra en la base, así que tampoco sale de ella."""
    try:
        celdas.texto(texto)
    except celdas.FilaRechazada:
        return False
    return True


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=40).filter(se_importa), min_size=1, max_size=8)
)
def test_cualquier_texto_sobrevive_a_la_ida_y_vuelta(tmp_path, textos):
    filas = [["600123456", texto] for texto in textos]
    for formato in ("xlsx", "csv"):
        ruta = tmp_path / f"t.{formato}"
        assert escribir(ruta, formato, ["TELEFONO", "NOMBRE"], filas) == len(filas)
        if formato == "xlsx":
            leidas = CalamineWorkbook.from_path(str(ruta)).get_sheet_by_index(0).to_python()[1:]
        else:
            with ruta.open(encoding="utf-8-sig", newline="") as fichero:
                leidas = list(csv.reader(fichero, delimiter=";"))[1:]
        leidos = [celdas.texto(celdas.sin_apostrofo(fila[1])) if len(fila) > 1 else None for fila in leidas]
        assert leidos == [celdas.texto(t) for t in textos]


def test_los_numeros_y_los_logicos_se_escriben_como_se_leen():
    assert [a_texto(v) for v in (None, True, False, 3.0, 0.5, date(2026, 1, 2))] == [
        "",
        "1",
        "0",
        "3",
        "0.5",
        "2026-01-02",
    ]
