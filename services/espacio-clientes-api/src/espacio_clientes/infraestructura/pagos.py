"""Pagos, sus líneas y el libro de movimientos. Las filas únicas deciden las carreras, no lo que se leyó antes.

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
from espacio_clientes.dominio.libro import Asiento, Autoria, Linea, huella_inicial, importe_movido
from espacio_clientes.dominio.pago import OCUPAN, Estado, exigir
from espacio_clientes.infraestructura.carritos import Sesion
from espacio_clientes.infraestructura.tablas import libro, lineas_pago, movimientos_pago, pagos

_COD: sa.BindParameter[str] = sa.bindparam("cod")
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
    return de_fila(fila) if fila else None


def lineas(conexion: sa.Connection, cod_transaccion: str) -> Sequence[Linea]:
    return [Linea(*fila) for fila in conexion.execute(_LINEAS, {"cod": cod_transaccion})]


def iniciar(
    conexion: sa.Connection, cod_transaccion: str, sesion: Sesion, lineas: Sequence[Linea], autoria: Autoria
) -> Pago:
    """Da de alta el pago y toma sus deudas, todas o ninguna.

    Lanza `YaExiste` si el código se usó a la vez, y `Conflicto` si otra línea ocupa ya alguna deuda.
    """
    pago, asiento = _asentar(
        conexion, _nuevo(cod_transaccion, sesion, lineas, autoria.momento), None, autoria
    )
    try:
        conexion.execute(_ALTA, vars(pago))
    except IntegrityError as causa:
        raise YaExiste from causa
    filas = [
        {"cod_transaccion": cod_transaccion, "ocupa": linea.codmovimiento, **vars(linea)} for linea in lineas
    ]
    try:
        conexion.execute(_ALTA_LINEAS, filas)
    except IntegrityError as causa:
        raise Conflicto("Deuda ya pagada o en proceso", codigo="DEUDA_EN_PROCESO") from causa
    conexion.execute(_ALTA_ASIENTO, asiento)
    return pago


def cambiar(conexion: sa.Connection, pago: Pago, nuevo: Estado, autoria: Autoria) -> Pago:
    """Pasa el pago a `nuevo` y lo asienta; `Adelantado` si otro lo cambió desde que se leyó."""
    exigir(pago.estado, nuevo)
    cambiado, asiento = _asentar(
        conexion, replace(pago, estado=nuevo, cambiado_en=autoria.momento), pago.estado, autoria
    )
    valores = {
        "cod": pago.cod_transaccion, "orden_leido": pago.orden, "e": nuevo.value, "o": cambiado.orden,
        "h": cambiado.huella, "r": cambiado.recibo, "m": autoria.momento,
    }  # fmt: skip
    if conexion.execute(_CAMBIAR, valores).rowcount != 1:
        raise Adelantado
    if nuevo not in OCUPAN:
        conexion.execute(_SOLTAR, {"cod": pago.cod_transaccion})
    conexion.execute(_ALTA_ASIENTO, asiento)
    return cambiado


def _nuevo(cod_transaccion: str, sesion: Sesion, lineas: Sequence[Linea], momento: datetime) -> Pago:
    comision = sum((linea.comision for linea in lineas), CERO)
    return Pago(
        cod_transaccion=cod_transaccion,
        idsession=sesion.idsession,
        usuario=sesion.usuario,
        documento=sesion.documento,
        nombre=sesion.nombre,
        moneda=sesion.moneda,
        total=sum((linea.importe for linea in lineas), comision),
        comision=comision,
        estado=Estado.INICIADO,
        orden=0,
        huella=huella_inicial(
            cod_transaccion,
            sesion.idsession,
            usuario=sesion.usuario,
            documento=sesion.documento,
            moneda=sesion.moneda,
            lineas=lineas,
        ),
        recibo=None,
        creado_en=momento,
        cambiado_en=momento,
        anulacion_pedida_por=None,
    )


def _asentar(
    conexion: sa.Connection, pago: Pago, antes: Estado | None, autoria: Autoria
) -> tuple[Pago, dict[str, Any]]:
    """Toma número (y recibo, si se aprueba): cómo queda el pago y la fila de su asiento, todavía sin escribir."""
    aprobado = pago.estado is Estado.APROBADO
    numero, recibos = conexion.execute(_NUMERAR, {"nuevos": int(aprobado)}).one()
    asiento = Asiento(
        numero=numero,
        cod_transaccion=pago.cod_transaccion,
        orden=pago.orden + 1,
        antes=antes,
        despues=pago.estado,
        importe=importe_movido(pago.estado, pago.total),
        moneda=pago.moneda,
        previa=pago.huella,
        **vars(autoria),
    )
    recibo = recibos if aprobado else pago.recibo
    asentado = replace(pago, orden=asiento.orden, huella=asiento.huella, recibo=recibo)
    return asentado, {**vars(asiento), "huella": asiento.huella}


def de_fila(fila: Any) -> Pago:
    return Pago(**{**fila._asdict(), "estado": Estado(fila.estado)})
