"""Lecturas del libro entero, por tandas, para comprobarlo sin cargarlo en memoria."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from espacio_clientes.dominio.libro import Asiento, Linea
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.pagos import Pago, de_fila
from espacio_clientes.infraestructura.tablas import libro, lineas_pago, movimientos_pago, pagos

_POR_TANDA = 500
_ASIENTOS = sa.select(movimientos_pago).order_by(movimientos_pago.c.cod_transaccion, movimientos_pago.c.orden)
_PAGOS = sa.select(pagos).order_by(pagos.c.cod_transaccion)
_LINEAS = sa.select(lineas_pago).order_by(lineas_pago.c.cod_transaccion, lineas_pago.c.codmovimiento)
_LIBRO = sa.select(libro.c.asientos, libro.c.recibos).where(libro.c.id == 1)
_NUMEROS = sa.select(sa.func.count(), sa.func.max(movimientos_pago.c.numero)).select_from(movimientos_pago)
_RECIBOS = sa.select(sa.func.count(pagos.c.recibo), sa.func.max(pagos.c.recibo))


def numeracion(conexion: sa.Connection) -> dict[str, tuple[int, int, int]]:
    """De asientos y recibos: cuántos dice la cabecera del libro, cuántos hay y el mayor."""
    asientos, recibos = conexion.execute(_LIBRO).one()
    hay, mayor = conexion.execute(_NUMEROS).one()
    con_recibo, mayor_recibo = conexion.execute(_RECIBOS).one()
    return {"asientos": (asientos, hay, mayor or 0), "recibos": (recibos, con_recibo, mayor_recibo or 0)}


def todos(
    conexion: sa.Connection,
) -> Iterator[tuple[Pago, list[tuple[Linea, str | None]], list[tuple[Asiento, str]]]]:
    """Cada pago con sus líneas (y la deuda que ocupan) y sus asientos (y la huella que tienen guardada)."""
    lineas, asientos = _Agrupado(conexion, _LINEAS), _Agrupado(conexion, _ASIENTOS)
    for fila in _por_tandas(conexion, _PAGOS):
        suyas, suyos = lineas.de(fila.cod_transaccion), asientos.de(fila.cod_transaccion)
        yield (
            de_fila(fila),
            [(Linea(f.codmovimiento, f.descripcion, f.importe, f.comision), f.ocupa) for f in suyas],
            [(_asiento(f), f.huella) for f in suyos],
        )


class _Agrupado:
    """Filas ordenadas por pago, que se piden pago a pago en ese mismo orden."""

    def __init__(self, conexion: sa.Connection, consulta: sa.Select[Any]) -> None:
        filas = _por_tandas(conexion, consulta)
        self._grupos = groupby(filas, key=lambda fila: fila.cod_transaccion)
        self._siguiente: tuple[str, list[Any]] | None = None

    def de(self, cod_transaccion: str) -> Sequence[Any]:
        while self._siguiente is None or self._siguiente[0] < cod_transaccion:
            clave, grupo = next(self._grupos, (None, None))
            if clave is None or grupo is None:
                return []
            self._siguiente = (clave, list(grupo))
        return self._siguiente[1] if self._siguiente[0] == cod_transaccion else []


def _por_tandas(conexion: sa.Connection, consulta: sa.Select[Any]) -> Iterator[Any]:
    return iter(conexion.execution_options(yield_per=_POR_TANDA).execute(consulta))


def _asiento(fila: Any) -> Asiento:
    return Asiento(
        fila.numero, fila.cod_transaccion, fila.orden, Estado(fila.antes) if fila.antes else None,
        Estado(fila.despues), fila.importe, fila.moneda, fila.actor, fila.peticion, fila.momento, fila.previa,
    )  # fmt: skip
