"""El verificador ve cualquier cosa que se toque a mano en la base."""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from espacio_clientes.aplicacion.verificacion import verificar
from espacio_clientes.infraestructura.tablas import libro, lineas_pago, movimientos_pago, pagos


@pytest.fixture
def con_pagos(lucia, piezas):
    lucia.pagar(lucia.carrito_con("123"), "UNO")
    lucia.anular("UNO")
    lucia.pagar(lucia.carrito_con("123"), "DOS")
    lucia.pagar(lucia.carrito_con("124"), "TRES")
    return piezas


def test_un_libro_en_orden_cuadra_y_suma_por_moneda(con_pagos, lucia):
    sesion = lucia.sesion(moneda=2)
    lucia.agregar(sesion, "401")
    lucia.pagar(sesion, "CUATRO")
    with con_pagos.bd.lectura() as conexion:
        assert list(verificar(conexion).lineas()) == [
            "4 pagos y 9 movimientos comprobados.",
            "Moneda 1: cobrado 234.00 - anulado 78.00 = 156.00 en el libro.",
            "Moneda 2: cobrado 78.00 - anulado 0.00 = 78.00 en el libro.",
            "El libro cuadra.",
        ]


MANOS = {
    "cambiar un importe": sa.update(movimientos_pago).where(movimientos_pago.c.numero == 2).values(importe=1),
    "cambiar quién lo hizo": sa.update(movimientos_pago)
    .where(movimientos_pago.c.numero == 3)
    .values(actor="otro"),
    "borrar un movimiento de en medio": sa.delete(movimientos_pago).where(movimientos_pago.c.numero == 2),
    "borrar el último movimiento": sa.delete(movimientos_pago).where(movimientos_pago.c.numero == 7),
    "cambiar un estado": sa.update(pagos).where(pagos.c.cod_transaccion == "DOS").values(estado="ANULADO"),
    "cambiar un total": sa.update(pagos).where(pagos.c.cod_transaccion == "DOS").values(total=1),
    "cambiar una línea": sa.update(lineas_pago)
    .where(lineas_pago.c.cod_transaccion == "DOS")
    .values(importe=1),
    "soltar una deuda pagada": sa.update(lineas_pago)
    .where(lineas_pago.c.cod_transaccion == "DOS")
    .values(ocupa=None),
    "tomar una deuda anulada": sa.update(lineas_pago)
    .where(lineas_pago.c.cod_transaccion == "UNO")
    .values(ocupa="Z"),
    "saltarse un recibo": sa.update(pagos).where(pagos.c.cod_transaccion == "TRES").values(recibo=9),
    "quitar un recibo": sa.update(pagos).where(pagos.c.cod_transaccion == "TRES").values(recibo=None),
    "cambiar la cuenta del libro": sa.update(libro).values(asientos=99),
    "cambiar de quién es": sa.update(pagos)
    .where(pagos.c.cod_transaccion == "DOS")
    .values(documento="30333444"),
}


@pytest.mark.parametrize("mano", MANOS)
def test_lo_que_se_toca_a_mano_se_nota(con_pagos, app, mano):
    app.state.libro_roto = True
    with con_pagos.bd.escritura() as conexion:
        assert conexion.execute(MANOS[mano]).rowcount >= 1
    with con_pagos.bd.lectura() as conexion:
        assert verificar(conexion).fallos


def test_borrar_un_pago_entero_deja_hueco(con_pagos, app):
    app.state.libro_roto = True
    with con_pagos.bd.escritura() as conexion:
        for tabla in (movimientos_pago, lineas_pago, pagos):
            conexion.execute(sa.delete(tabla).where(tabla.c.cod_transaccion == "TRES"))
    with con_pagos.bd.lectura() as conexion:
        assert len(verificar(conexion).fallos) == 2


@pytest.mark.parametrize("roto", [False, True])
def test_el_programa_sale_con_uno_si_no_cuadra(con_pagos, app, tmp_path, roto):
    app.state.libro_roto = roto
    if roto:
        with con_pagos.bd.escritura() as conexion:
            conexion.execute(MANOS["cambiar un total"])
    orden = [sys.executable, "-m", "espacio_clientes.verificar"]
    salida = subprocess.run(
        orden, env={"DATOS_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert salida.returncode == int(roto), salida.stderr
    assert ("NO cuadra" in salida.stdout) == roto
