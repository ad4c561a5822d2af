"""Los pagos de Espacio Clientes llegan aquí como correos de su cliente."""

from functools import partial

import pytest

from tests.bandeja import entregar

REF = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
DATOS = {"cod_transaccion": "PAGO-0001", "documento_ref": REF, "movimientos": ["123", "124"]}
PROCESADO = {
    **DATOS,
    "cliente": "Lucía Ferrer",
    "moneda": 1,
    "total": "156.00",
    "comision": "5.00",
    "recibo": "R-00000001",
}


@pytest.fixture
def llega(app):
    return partial(entregar, app, "pagos")


def test_un_pago_y_su_anulacion_son_dos_correos_del_mismo_cliente(llega, web):
    llega("PagoProcesado", PROCESADO, "pago-1")
    llega("PagoAnulado", DATOS, "pago-2")
    assert [cliente["nombre"] for cliente in web.get("/clientes").json] == ["Lucía Ferrer"]
    assert [mensaje["contenido"] for mensaje in web.get("/mensajes/email").json] == [
        (
            "Recibo R-00000001: pago PAGO-0001 de 156.00 en la moneda 1 (comisión incluida: 5.00). "
            "Movimientos: 123, 124."
        ),
        "Pago PAGO-0001 anulado. Vuelven a estar pendientes los movimientos: 123, 124.",
    ]


def test_el_mismo_pago_dos_veces_es_un_solo_correo_y_otro_pago_es_del_mismo_cliente(llega, web):
    llega("PagoProcesado", PROCESADO, "pago-1")
    llega("PagoProcesado", PROCESADO, "pago-1")
    llega("PagoProcesado", {**PROCESADO, "cod_transaccion": "PAGO-0002"}, "pago-2")
    assert len(web.get("/clientes").json) == 1
    assert len(web.get("/canales/1").json) == 2
