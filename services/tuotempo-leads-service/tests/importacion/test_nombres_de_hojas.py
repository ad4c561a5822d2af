"""Nombres de fichero y direcciones que un sistema de ficheros o un DNS no admiten."""

import io

import pytest

from tuotempo_leads.aplicacion.importacion import disponibles
from tuotempo_leads.aplicacion.importacion.trabajos import nombre_limpio
from tuotempo_leads.importar import main
from tuotempo_leads.infraestructura.hojas.descarga import Descargador
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido
from tuotempo_leads.infraestructura.tablas import recargas

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


def test_una_hoja_rota_de_la_carpeta_se_rechaza_y_queda_en_el_historial(panel, ajustes, fila):
    carpeta = ajustes.directorio_datos / "hojas"
    carpeta.mkdir()
    (carpeta / "rota.xlsx").write_bytes(b"PK no es un libro")
    supervisor = panel()
    respuesta = supervisor.enviar(
        "/recargar-datos/importaciones", archivo="rota.xlsx", modo="anadir", simular="1"
    )
    assert (respuesta.status_code, respuesta.location) == (302, "/recargar-datos?pestana=subir")
    assert "está dañado o incompleto" in supervisor.ver(respuesta.location).text
    assert fila(recargas).resultado == "error"


def test_las_rechazadas_en_una_carpeta_que_no_existe_se_dice_antes_de_importar_nada(tmp_path, capsys):
    with pytest.raises(SystemExit) as fin:
        main(["hoja.csv", "--rechazadas", str(tmp_path / "no" / "r.xlsx")])
    assert (fin.value.code, "no existe la carpeta" in capsys.readouterr().err) == (2, True)
