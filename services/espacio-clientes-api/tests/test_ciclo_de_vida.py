"""Cualquier orden de consultas, pagos, silencios y anulaciones deja el libro como dice un modelo simple."""

import itertools
import os
from contextlib import suppress
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, sampled_from

from chasis.errores import ErrorDeServicio
from espacio_clientes.aplicacion import carritos
from espacio_clientes.aplicacion.verificacion import verificar
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.accesos import Quien

CONTADOR = itertools.count(1)
CODIGOS, TRANSACCIONES = ("123", "124"), ("A1", "A2", "A3", "A4")
EJEMPLOS = int(os.environ.get("ESPACIO_EJEMPLOS", "15"))


class Portal(RuleBasedStateMachine):
    """Modelo: qué hay en el carrito y en qué estado está cada transacción con sus deudas."""

    piezas: ClassVar[Any]
    procesador: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.quien = Quien("cliente", "cliente", "30111222")
        self.procesador.calla, self.procesador.veredicto = False, "aprobado"
        self.sufijo = str(next(CONTADOR))  # la base es una para todos los ejemplos: cada uno, códigos propios
        self.estados: dict[str, tuple[Estado, frozenset[str]]] = {}
        self._nueva_sesion()

    def teardown(self) -> None:
        self.procesador.calla = False
        self.piezas.conciliador.una_pasada()
        for codigo in self.estados:  # deja las deudas libres para el ejemplo siguiente
            with suppress(ErrorDeServicio):
                self.piezas.pagos.anular(self.quien, codigo)

    def _nueva_sesion(self) -> None:
        with self.piezas.bd.escritura() as conexion:
            _, self.sesion = carritos.consultar_deudas(
                conexion, self.piezas.deudas, self.quien, "30111222", 1
            )
        self.carrito: set[str] = set()

    @property
    def ocupadas(self) -> set[str]:
        vivas = (Estado.APROBADO, Estado.DESCONOCIDO, Estado.INICIADO)
        return {mov for estado, movs in self.estados.values() if estado in vivas for mov in movs}

    @rule()
    def consultar(self) -> None:
        self._nueva_sesion()

    @rule(codmovimiento=sampled_from(CODIGOS), agrega=booleans())
    def carrito_de(self, codmovimiento: str, agrega: bool) -> None:
        def cambiar():
            with self.piezas.bd.escritura() as conexion:
                return carritos.cambiar(
                    conexion, self.piezas.deudas, self.quien, self.sesion, codmovimiento=codmovimiento,
                    indicador="S" if agrega else "N", porcentaje=Decimal("2.5"),
                )  # fmt: skip

        if agrega and codmovimiento in self.ocupadas:
            with pytest.raises(ErrorDeServicio):
                cambiar()
            return
        resultado = cambiar()
        (self.carrito.add if agrega else self.carrito.discard)(codmovimiento)
        assert {linea.codmovimiento for linea in resultado.lineas} == self.carrito

    @rule(base=sampled_from(TRANSACCIONES), final=sampled_from(["aprobado", "rechazado", "silencio"]))
    def pagar(self, base: str, final: str) -> None:
        codigo = base + self.sufijo
        self.procesador.calla = final == "silencio"
        self.procesador.veredicto = "aprobado" if final == "silencio" else final
        imposible = codigo not in self.estados and (not self.carrito or self.carrito & self.ocupadas)
        try:
            pago = self.piezas.pagos.pagar(self.quien, self.sesion, codigo)
        except ErrorDeServicio:
            assert imposible or codigo in self.estados
            return
        finally:
            self.procesador.calla = False
        assert not imposible
        if codigo in self.estados:
            assert pago.estado is self.estados[codigo][0]
            return
        self.estados[codigo] = (pago.estado, frozenset(self.carrito))
        if pago.estado is Estado.APROBADO:
            self.carrito = set()

    @rule(base=sampled_from(TRANSACCIONES))
    def anular(self, base: str) -> None:
        codigo = base + self.sufijo
        estado, movimientos = self.estados.get(codigo, (None, frozenset()))
        if estado in (Estado.APROBADO, Estado.ANULADO):
            assert self.piezas.pagos.anular(self.quien, codigo).estado is Estado.ANULADO
            self.estados[codigo] = (Estado.ANULADO, movimientos)
        else:
            with pytest.raises(ErrorDeServicio):
                self.piezas.pagos.anular(self.quien, codigo)

    @rule(cobro=booleans())
    def conciliar(self, cobro: bool) -> None:
        self.procesador.veredicto = "aprobado" if cobro else "rechazado"
        self.piezas.conciliador.una_pasada()
        final = Estado.APROBADO if cobro else Estado.RECHAZADO
        for codigo, (estado, movimientos) in self.estados.items():
            if estado is Estado.DESCONOCIDO:
                self.estados[codigo] = (final, movimientos)
                if cobro:  # aprobar vacía el carrito de su sesión, que puede ser esta
                    self._nueva_sesion()

    @invariant()
    def las_pendientes_son_las_que_nadie_ocupa(self) -> None:
        with self.piezas.bd.lectura() as conexion:
            cuenta = self.piezas.deudas.consultar(conexion, "30111222", 1)
            assert verificar(conexion).fallos == []
        assert {d.codmovimiento for d in cuenta.deudas} == set(CODIGOS) - self.ocupadas

    @invariant()
    def nunca_se_cobra_dos_veces(self) -> None:
        assert all(veces == 1 for veces in self.procesador.cobros.values())


def test_el_ciclo_de_vida_cumple_su_modelo(piezas, procesador):
    run_state_machine_as_test(
        type("PortalDePrueba", (Portal,), {"piezas": piezas, "procesador": procesador}),
        settings=settings(
            max_examples=EJEMPLOS, stateful_step_count=15, deadline=None, database=None, derandomize=True
        ),
    )
