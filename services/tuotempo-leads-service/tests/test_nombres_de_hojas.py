"""Nombres de fichero y direcciones que un sistema de ficheros o un DNS no admiten."""

import io

import pytest

from tuotempo_leads.aplicacion.importacion import disponibles
from tuotempo_leads.aplicacion.importacion.trabajos import nombre_limpio
from tuotempo_leads.infraestructura.hojas.descarga import Descargador
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

HOJA = b"TELEFONO\n600123456\n"


@pytest.mark.parametrize("raiz", ["ñ" * 200, "a" * 300, "a" * 250])
def test_una_hoja_de_nombre_muy_largo_se_guarda_recortado_y_se_puede_elegir(tmp_path, raiz):
    nombres = [disponibles.guardar(io.BytesIO(HOJA), f"{raiz}.csv", tmp_path) for _ in range(2)]
    assert len(set(nombres)) == 2
    assert [disponibles.buscar(tmp_path, nombre).read_bytes() for nombre in nombres] == [HOJA, HOJA]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("nombre", [".xlsx", ".csv", "hoja", "hoja.csv.exe"])
def test_un_nombre_que_solo_es_la_extension_no_es_el_de_una_hoja(tmp_path, nombre):
    with pytest.raises(FicheroInvalido, match="Formato de archivo no válido"):
        disponibles.guardar(io.BytesIO(HOJA), nombre, tmp_path)


def test_un_nombre_recortado_conserva_su_extension():
    assert nombre_limpio("a" * 300 + ".xlsx") == "a" * 250 + ".xlsx"


@pytest.mark.parametrize("url", [f"https://{'a' * 70}.example/data.xlsx", "https://a..example/data.xlsx"])
def test_un_anfitrion_que_no_puede_existir_se_dice_y_no_es_un_fallo_nuestro(tmp_path, url):
    with pytest.raises(FicheroInvalido, match="Error al descargar el archivo"):
        Descargador().traer(url, tmp_path / "hoja", lambda: None)
