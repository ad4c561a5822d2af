"""Pagos, sus líneas y el libro de movimientos. Las filas únicas de aquí deciden las carreras, no lo que se leyó antes.

Las filas se tocan siempre en el mismo orden (libro, pago, líneas), para que dos transacciones no se esperen la una a
la otra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chasis.errores import Conflicto
from espacio_clientes.dominio.dinero import CERO
from espacio_clientes.dominio.libro import Asiento, Linea, huella_inicial, importe_movido
from espacio_clientes.dominio.pago import OCUPAN, SIN_RESOLVER, Estado, exigir
from espacio_clientes.infraestructura.carritos import Sesion
from espacio_clientes.infraestructura.tablas import libro, lineas_pago, movimientos_pago, pagos

_COD = sa.bindparam("cod")
_UNO = sa.select(pagos).where(pagos.c.cod_transaccion == _COD)
_LINEAS = (
    sa.select(
        lineas_pago.c.codmovimiento, lineas_pago.c.descripcion, lineas_pago.c.importe, lineas_pago.c.comision
    )
    .where(lineas_pago.c.cod_transaccion == _COD)
    .order_by(lineas_pago.c.codmovimiento)
)
_ALTA, _ALTA_LINEAS, _ALTA_ASIENTO = sa.insert(pagos), sa.insert(lineas_pago), sa.insert(movimientos_pago)
_SOLTAR = sa.update(lineas_pago).where(lineas_pago.c.cod_transaccion == _COD).values(ocupa=None)
_CAMBIAR = (
    sa.update(pagos)
    .where(pagos.c.cod_transaccion == _COD, pagos.c.orden == sa.bindparam("orden_leido"))
    .values(
        estado=sa.bindparam("e"), orden=sa.bindparam("o"), huella=sa.bindparam("h"), recibo=sa.bindparam("r"),
        cambiado_en=sa.bindparam("m"),
    )
)  # fmt: skip
_NUMERAR = (
    sa.update(libro)
    .where(libro.c.id == 1)
    .values(asientos=libro.c.asientos + 1, recibos=libro.c.recibos + sa.bindparam("nuevos"))
    .returning(libro.c.asientos, libro.c.recibos)
)
_SIN_RESOLVER = (
    sa.select(pagos)
    .where(pagos.c.estado.in_(sorted(SIN_RESOLVER)), pagos.c.cambiado_en <= sa.bindparam("antes"))
    .order_by(pagos.c.cambiado_en)
    .limit(100)
)
_POR_ANULAR = (
    sa.select(pagos)
    .where(
        pagos.c.anulacion_pedida_por.is_not(None),
        pagos.c.estado == Estado.APROBADO.value,
        pagos.c.cambiado_en <= sa.bindparam("antes"),
    )
    .limit(100)
)
_PEDIR_ANULACION = (
    sa.update(pagos)
    .where(pagos.c.cod_transaccion == _COD, pagos.c.estado == Estado.APROBADO.value)
    .values(anulacion_pedida_por=sa.bindparam("quien"))
)


@dataclass(frozen=True)
class Pago:
    """Un pago tal como está guardado; `orden` cuenta sus cambios y `recibo` llega al aprobarse."""

    cod_transaccion: str
    idsession: int
    usuario: str
    documento: str
    nombre: str
    moneda: int
    total: Decimal
    comision: Decimal
    estado: Estado
    orden: int
    huella: str
    recibo: int | None
    creado_en: datetime
    cambiado_en: datetime
    anulacion_pedida_por: str | None


class YaExiste(Exception):
    """Otra transacción dio de alta el mismo `cod_transaccion` un momento antes."""


class Adelantado(Exception):
    """Otra transacción cambió el pago desde que se leyó: hay que volver a leerlo."""


def uno(conexion: sa.Connection, cod_transaccion: str) -> Pago | None:
    fila = conexion.execute(_UNO, {"cod": cod_transaccion}).one_or_none()
    return _pago(fila) if fila else None


def lineas(conexion: sa.Connection, cod_transaccion: str) -> Sequence[Linea]:
    return [Linea(*fila) for fila in conexion.execute(_LINEAS, {"cod": cod_transaccion})]


def sin_resolver(conexion: sa.Connection, antes: datetime) -> Sequence[Pago]:
    """Hasta cien pagos sin veredicto que no cambian desde `antes`, del más antiguo al más nuevo."""
    return [_pago(fila) for fila in conexion.execute(_SIN_RESOLVER, {"antes": antes})]


def por_anular(conexion: sa.Connection, antes: datetime) -> Sequence[Pago]:
    """Hasta cien pagos cuya anulación se pidió y no se llegó a terminar."""
    return [_pago(fila) for fila in conexion.execute(_POR_ANULAR, {"antes": antes})]


def pedir_anulacion(conexion: sa.Connection, cod_transaccion: str, quien: str) -> None:
    conexion.execute(_PEDIR_ANULACION, {"cod": cod_transaccion, "quien": quien})


def iniciar(
    conexion: sa.Connection,
    cod_transaccion: str,
    sesion: Sesion,
    actor: str,
    lineas: Sequence[Linea],
    momento: datetime,
    peticion: str | None,
) -> Pago:
    """Da de alta el pago y toma sus deudas, todas o ninguna.

    Lanza `YaExiste` si el código se usó a la vez, y `Conflicto` si otra línea ocupa ya alguna deuda.
    """
    comision = sum((linea.comision for linea in lineas), CERO)
    total = sum((linea.importe for linea in lineas), comision)
    inicial = huella_inicial(
        cod_transaccion, sesion.idsession, sesion.usuario, sesion.documento, sesion.moneda, lineas
    )
    base = (cod_transaccion, sesion.idsession, sesion.usuario, sesion.documento, sesion.nombre, sesion.moneda)
    nuevo = Pago(*base, total, comision, Estado.INICIADO, 0, inicial, None, momento, momento, None)
    asiento, pago = _asiento(conexion, nuevo, None, Estado.INICIADO, actor, momento, peticion)
    try:
        conexion.execute(_ALTA, vars(pago))
    except IntegrityError as causa:
        raise YaExiste from causa
    try:
        filas = [{"cod_transaccion": cod_transaccion, "ocupa": uno.codmovimiento, **vars(uno)} for uno in lineas]
        conexion.execute(_ALTA_LINEAS, filas)
    except IntegrityError as causa:
        raise Conflicto("Deuda ya pagada o en proceso", codigo="DEUDA_EN_PROCESO") from causa
    conexion.execute(_ALTA_ASIENTO, _valores(asiento))
    return pago


def cambiar(
    conexion: sa.Connection, pago: Pago, nuevo: Estado, actor: str, momento: datetime, peticion: str | None
) -> Pago:
    """Pasa el pago a `nuevo` y lo asienta; `Adelantado` si otro lo cambió desde que se leyó."""
    exigir(pago.estado, nuevo)
    asiento, cambiado = _asiento(conexion, pago, pago.estado, nuevo, actor, momento, peticion)
    valores = {
        "cod": pago.cod_transaccion, "orden_leido": pago.orden, "e": cambiado.estado, "o": cambiado.orden,
        "h": cambiado.huella, "r": cambiado.recibo, "m": momento,
    }  # fmt: skip
    if conexion.execute(_CAMBIAR, valores).rowcount != 1:
        raise Adelantado
    if nuevo not in OCUPAN:
        conexion.execute(_SOLTAR, {"cod": pago.cod_transaccion})
    conexion.execute(_ALTA_ASIENTO, _valores(asiento))
    return cambiado


def _asiento(
    conexion: sa.Connection,
    pago: Pago,
    antes: Estado | None,
    despues: Estado,
    actor: str,
    momento: datetime,
    peticion: str | None,
) -> tuple[Asiento, Pago]:
    """Toma número (y recibo, si se aprueba) y calcula cómo queda el pago; todavía no escribe ninguno de los dos."""
    aprobado = despues is Estado.APROBADO
    numero, recibos = conexion.execute(_NUMERAR, {"nuevos": int(aprobado)}).one()
    importe, orden = importe_movido(despues, pago.total), pago.orden + 1
    asiento = Asiento(
        numero, pago.cod_transaccion, orden, antes, despues, importe, pago.moneda, actor, peticion or None,
        momento, pago.huella,
    )  # fmt: skip
    recibo = recibos if aprobado else pago.recibo
    return asiento, replace(
        pago, estado=despues, orden=orden, huella=asiento.huella, recibo=recibo, cambiado_en=momento
    )


def _valores(asiento: Asiento) -> dict[str, Any]:
    return {**vars(asiento), "huella": asiento.huella}


def _pago(fila: Any) -> Pago:
    return Pago(**{**fila._mapping, "estado": Estado(fila.estado)})
