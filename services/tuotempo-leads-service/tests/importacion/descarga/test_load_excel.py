"""`GET /admin/load-excel`."""

import pytest
from pydantic import SecretStr

from tests.libro_de_leads import escribir_xlsx, persona
from tests.vecino import contestar
from tuotempo_leads.infraestructura import tablas

from .conftest import NOMBRE


@pytest.fixture
def con_url(otra_app, servidor, descargador, tmp_path):
    """Una aplicación cuya `EXCEL_URL` es el servidor de esta prueba, que ofrece una hoja correcta."""
    contenido = escribir_xlsx(tmp_path / "data.xlsx", [persona(1), persona(2)]).read_bytes()
    servidor.responder = lambda m: contestar(m, 200, contenido)
    app = otra_app(excel_url=f"https://{NOMBRE}:{servidor.server_port}/data.xlsx?v=1")
    app.extensions["importaciones"].descargador = descargador
    return app


def test_load_excel_carga_la_hoja_y_anuncia_a_su_relevo(con_url, filas):
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert (respuesta.status_code, respuesta.json) == (
        200,
        {"success": True, "message": "Datos cargados exitosamente"},
    )
    assert respuesta.headers["Deprecation"].startswith("@")
    assert respuesta.headers["Link"] == '</admin/importaciones>; rel="successor-version"'
    assert len(filas(tablas.leads)) == 2
    assert [(r.archivo, r.resultado) for r in filas(tablas.recargas)] == [("data.xlsx", "ok")]


def test_load_excel_dice_el_estado_con_que_contesto_el_otro_servidor(con_url, servidor, filas, alta):
    alta(telefono="600123456")
    servidor.responder = lambda m: contestar(m, 404, b"")
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"] == "Error al descargar el Excel: 404"
    assert respuesta.headers["Deprecation"]
    assert len(filas(tablas.leads)) == 1
    assert filas(tablas.recargas)[0].resultado == "error"


def test_load_excel_con_una_hoja_que_no_vale_dice_error_al_cargar_y_no_vacia_la_tabla(
    con_url, servidor, filas, alta
):
    alta(telefono="600123456")
    servidor.responder = lambda m: contestar(m, 200, b"<html>no</html>")
    respuesta = con_url.test_client().get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"].startswith("Error al cargar datos: «data.xlsx» es una página web")
    assert len(filas(tablas.leads)) == 1


def test_load_excel_sin_excel_url_dice_que_falta(web):
    respuesta = web.get("/admin/load-excel")
    assert respuesta.status_code == 500
    assert respuesta.json["message"].startswith("Error al descargar el archivo")


def test_load_excel_admite_un_fichero_en_desarrollo_y_no_en_produccion(otra_app, tmp_path, filas):
    libro = escribir_xlsx(tmp_path / "data.xlsx", [persona(1)])
    for direccion in (str(libro), libro.as_uri()):
        assert otra_app(excel_url=direccion).test_client().get("/admin/load-excel").status_code == 200
    app = otra_app(excel_url=str(libro), entorno="production", clave_de_administracion=SecretStr("secreta"))
    respuesta = app.test_client().get("/admin/load-excel", headers={"Authorization": "Bearer secreta"})
    assert respuesta.status_code == 500
    assert "https://" in respuesta.json["message"]
    assert len(filas(tablas.leads)) == 1
