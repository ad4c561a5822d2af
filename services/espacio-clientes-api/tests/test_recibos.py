import re

import pytest

from espacio_clientes.infraestructura import altas

from .conftest import deuda


@pytest.fixture
def pagado(lucia):
    lucia.pagar(lucia.carrito_con("123", "124"))
    return lucia


def recibo(quien, formato=None, codigo="PAGO-0001"):
    return quien.pedir("GET", f"/pagos/{codigo}/recibo", {"formato": formato} if formato else None)


def test_el_recibo_para_imprimir_dice_lo_que_se_pago_y_no_el_documento_entero(pagado):
    salida = recibo(pagado)
    assert (salida.status_code, salida.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    texto = re.sub(r"<[^>]+>|\s+", " ", salida.text)
    for dato in ("R-00000001", "Lucía Ferrer", "***222", "PAGO-0001", "75,50", "151,00", "5,00", "156,00"):
        assert dato in texto
    assert "30111222" not in salida.text
    assert "<script" not in salida.text
    assert "http" not in salida.text


def test_el_recibo_en_pdf_es_un_pdf_y_siempre_el_mismo(pagado):
    uno, otro = recibo(pagado, "pdf"), recibo(pagado, "pdf")
    assert uno.headers["Content-Type"] == "application/pdf"
    assert uno.headers["Content-Disposition"] == 'inline; filename="R-00000001.pdf"'
    assert uno.content.startswith(b"%PDF-")
    assert uno.content == otro.content


def test_un_recibo_anulado_lo_dice(pagado):
    pagado.anular()
    assert "ANULADO el" in recibo(pagado).text
    assert recibo(pagado, "pdf").status_code == 200


def test_un_pago_rechazado_no_tiene_recibo(lucia, procesador):
    procesador.veredicto = "rechazado"
    lucia.pagar(lucia.carrito_con("123"))
    salida = recibo(lucia)
    assert (salida.status_code, salida.json()) == (
        409,
        {"detail": "El pago está RECHAZADO y no tiene recibo"},
    )


def test_los_recibos_se_numeran_sin_huecos_aunque_haya_rechazos(lucia, procesador):
    numeros = []
    for orden, veredicto in enumerate(("aprobado", "rechazado", "aprobado")):
        procesador.veredicto = veredicto
        numeros.append(lucia.pagar(lucia.carrito_con("123"), f"T{orden}").json()["mod_fact"])
        lucia.anular(f"T{orden}")
    assert numeros == ["R-00000001", "", "R-00000002"]


def test_lo_que_se_escribe_en_una_deuda_no_se_vuelve_html_ni_rompe_el_pdf(lucia, piezas):
    rara = {**deuda("900"), "descripcion": "<b>Cuota</b> № 7 · 日本 €"}
    with piezas.bd.escritura() as conexion:
        altas.alta_de_deudas(conexion, [rara])
    lucia.pagar(lucia.carrito_con("900"))
    assert "&lt;b&gt;Cuota&lt;/b&gt; № 7 · 日本 €" in recibo(lucia).text
    assert recibo(lucia, "pdf").content.startswith(b"%PDF-")
