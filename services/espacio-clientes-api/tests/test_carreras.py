"""Varias peticiones quieren lo mismo a la vez. `ESPACIO_RONDAS=100` repite cada carrera cien veces."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura import altas
from espacio_clientes.infraestructura.tablas import pagos

from .conftest import deuda

RONDAS = int(os.environ.get("ESPACIO_RONDAS", "8"))


@pytest.fixture
def muchas_deudas(piezas):
    with piezas.bd.escritura() as conexion:
        altas.alta_de_deudas(conexion, [deuda(f"R{n}") for n in range(RONDAS)])


def test_cincuenta_peticiones_del_mismo_pago_son_un_cobro_y_cincuenta_respuestas_iguales(
    lucia, procesador, a_la_vez
):
    procesador.mientras_cobra = lambda: time.sleep(0.3)
    sesion = lucia.carrito_con("123", "124")
    salidas = a_la_vez(lambda _: lucia.pagar(sesion), 50)
    assert {(s.status_code, s.text) for s in salidas} == {
        (201, '{"cod_resp":"0","mod_fact":"R-00000001","desc_resp":"Pago procesado"}')
    }
    assert procesador.cobros == {"PAGO-0001": 1}


def test_dos_carritos_con_la_misma_deuda_son_siempre_un_pago_y_un_conflicto(
    lucia, procesador, a_la_vez, muchas_deudas
):
    for ronda in range(RONDAS):
        sesiones = [lucia.carrito_con(f"R{ronda}") for _ in range(2)]
        salidas = a_la_vez(lambda n, s=sesiones, r=ronda: lucia.pagar(s[n], f"T{r}-{n}"), 2)
        assert sorted(s.status_code for s in salidas) == [201, 409]
        perdedora = next(s for s in salidas if s.status_code == 409)
        assert perdedora.json()["desc_resp"] == "Deuda ya pagada o en proceso"
    assert sum(procesador.cobros.values()) == RONDAS


def test_pagar_y_anular_a_la_vez_nunca_deja_las_dos_cosas(lucia, procesador, a_la_vez, muchas_deudas):
    for ronda in range(RONDAS):
        sesion, codigo = lucia.carrito_con(f"R{ronda}"), f"T{ronda}"
        acciones = (lambda s=sesion, c=codigo: lucia.pagar(s, c), lambda c=codigo: lucia.anular(c))
        salidas = a_la_vez(lambda n, a=acciones: a[n % 2](), 8)
        estado = lucia.pedir("GET", f"/pagos/{codigo}").json()["estado"]
        assert {s.status_code for s in salidas} <= {200, 201, 404, 409}
        assert estado == ("ANULADO" if 200 in {s.status_code for s in salidas} else "APROBADO")
        pendiente = f"R{ronda}" in {d["CODMOVIMIENTO"] for d in lucia.deudas().json()["deudas"]}
        assert pendiente == (estado == "ANULADO")
        assert procesador.cobros[codigo] == 1


def test_veinte_anulaciones_a_la_vez_dan_el_mismo_resultado(lucia, a_la_vez):
    lucia.pagar(lucia.carrito_con("123"))
    assert {s.text for s in a_la_vez(lambda _: lucia.anular(), 20)} == {
        '{"cod_resp":"0","desc_resp":"Pago anulado"}'
    }


def test_dos_conciliadores_y_el_propio_pago_escriben_un_solo_veredicto(lucia, procesador, piezas, a_la_vez):
    procesador.calla = True
    sesion = lucia.carrito_con("123")
    lucia.pagar(sesion)
    procesador.calla = False
    assert sum(a_la_vez(lambda _: piezas.conciliador.una_pasada(), 4)) >= 1
    assert lucia.pagar(sesion).json()["mod_fact"] == "R-00000001"


@pytest.mark.parametrize("horas", [-3, 3], ids=["hace mucho", "antes de atrasar la hora"])
def test_si_se_concilia_mientras_se_cobra_vale_el_primer_veredicto(lucia, procesador, piezas, horas):
    def conciliar():
        with piezas.bd.escritura() as conexion:
            momento = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=horas)
            conexion.execute(sa.update(pagos).values(cambiado_en=momento))
        assert piezas.conciliador.una_pasada() == 1

    procesador.mientras_cobra = conciliar  # a quien cobra aún no le consta: lo cierra como rechazado
    salida = lucia.pagar(lucia.carrito_con("123"))
    assert (salida.status_code, salida.json()["desc_resp"]) == (402, "Pago rechazado")


def test_quien_llega_mientras_otro_cobra_y_no_termina_recibe_donde_mirar(lucia, procesador, piezas):
    sesion = lucia.carrito_con("123")
    object.__setattr__(piezas.pagos, "plazo", 0.1)
    segundas = []
    procesador.mientras_cobra = lambda: segundas.append(lucia.pagar(sesion))
    assert lucia.pagar(sesion).status_code == 201
    assert (segundas[0].status_code, segundas[0].headers["Location"]) == (202, "/pagos/PAGO-0001")
    assert segundas[0].json()["desc_resp"] == f"Pago en proceso ({Estado.INICIADO})"


def test_nadie_retiene_una_conexion_mientras_espera(lucia, procesador, piezas):
    sesion, en_uso = lucia.carrito_con("123"), []
    procesador.mientras_cobra = lambda: en_uso.append(piezas.bd.motor.pool.checkedout())
    lucia.pagar(sesion)
    assert en_uso == [0]
