import json

import pytest

from chasis.eventos.tablas import ESPERA
from tests.bandeja import entregar


@pytest.fixture
def llega(app):
    def una_cita(identificador="e1", **cambios):
        datos = {"cita_id": "c1", "telefono": "600123456", "nombre": "Ana Demo", "con_pack": False, **cambios}
        entregar(app, "leads", "CitaConfirmada", datos, identificador)

    return una_cita


def servicios(almacen, nombre="Ana Demo"):
    return [servicio["descripcion"] for servicio in json.loads(almacen.documentos[nombre])["servicios"]]


def test_una_cita_da_de_alta_a_su_cliente_con_el_servicio(llega, almacen):
    llega()
    assert servicios(almacen) == ["Cita dental"]
    assert json.loads(almacen.documentos["Ana Demo"])["contacto"] == "600123456"


def test_otra_cita_del_mismo_cliente_es_otro_servicio(llega, almacen):
    llega()
    llega("e2", cita_id="c2", con_pack=True)
    assert servicios(almacen) == ["Cita dental", "Pack dental"]


def test_la_misma_cita_solo_se_contrata_una_vez_aunque_llegue_en_otro_evento(llega, almacen):
    for identificador in ("e1", "e1", "e2"):
        llega(identificador)
    llega("e3", cita_id="c2")
    llega("e4", cita_id="c2")
    assert servicios(almacen) == ["Cita dental", "Cita dental"]


def test_con_el_almacen_caido_la_cita_espera_y_luego_se_contrata(app, llega, almacen):
    almacen.fallar_con = 503
    llega()
    assert app.extensions["eventos"].estado()["en_espera"] == 1
    almacen.fallar_con = None
    with app.extensions["bd"].escritura() as conexion:
        conexion.execute(ESPERA.update().values(proximo=0))
    app.extensions["eventos"].recepcion.reintentar()
    assert servicios(almacen) == ["Cita dental"]


def test_quien_no_dijo_su_nombre_se_guarda_por_su_telefono(llega, almacen):
    llega(nombre=" ")
    assert servicios(almacen, "600123456") == ["Cita dental"]
