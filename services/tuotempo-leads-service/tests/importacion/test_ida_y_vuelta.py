"""Lo que se exporta o se rechaza se corrige y se vuelve a importar sin perder nada."""

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from python_calamine import CalamineWorkbook

from tests.libro_de_leads import CABECERA, escribir_csv, escribir_xlsx, persona
from tuotempo_leads.dominio import celdas
from tuotempo_leads.infraestructura import tablas
from tuotempo_leads.infraestructura.hojas.escritura import escribir

SUMANDOS = ("creadas", "actualizadas", "sin_cambios", "omitidas", "erroneas", "eliminadas")


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
