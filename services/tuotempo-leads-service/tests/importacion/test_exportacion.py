"""Exportar (§3.3): texto en todas las celdas y nada que parezca una fórmula."""

import io
import zipfile
from datetime import date, datetime

import pytest

from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas.escritura import a_texto


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
    hoja = zipfile.ZipFile(io.BytesIO(contenido)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in hoja
    assert b"hyperlink" not in hoja.lower().replace(b"'=hyperlink(", b"")


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


def test_los_numeros_y_los_logicos_se_escriben_como_se_leen():
    assert [a_texto(v) for v in (None, True, False, 3.0, 0.5, date(2026, 1, 2))] == [
        "",
        "1",
        "0",
        "3",
        "0.5",
        "2026-01-02",
    ]
