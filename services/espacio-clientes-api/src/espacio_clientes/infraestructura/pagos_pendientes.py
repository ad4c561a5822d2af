"""Pagos a los que les falta algo: su veredicto o su anulación. Se leen por tandas, en el orden de su código."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.pagos import Pago, de_fila
from espacio_clientes.infraestructura.tablas import pagos

TANDA = 100
_TRAS = pagos.c.cod_transaccion > sa.bindparam("tras")
_EN_PLAZO = pagos.c.cambiado_en.between(sa.bindparam("desde"), sa.bindparam("hasta"))
_SIN_RESOLVER = (
    sa.select(pagos)
    .where(
        _TRAS,
        (pagos.c.estado == Estado.DESCONOCIDO.value)
        | ((pagos.c.estado == Estado.INICIADO.value) & ~_EN_PLAZO),
    )
    .order_by(pagos.c.cod_transaccion)
    .limit(TANDA)
)
_SIN_VEREDICTO = sa.select(sa.func.count(), sa.func.min(pagos.c.creado_en)).where(
    pagos.c.estado.in_((Estado.DESCONOCIDO.value, Estado.INICIADO.value))
)
_POR_ANULAR = (
    sa.select(pagos)
    .where(_TRAS, pagos.c.anulacion_pedida_por.is_not(None), pagos.c.estado == Estado.APROBADO.value)
    .order_by(pagos.c.cod_transaccion)
    .limit(TANDA)
)
_PEDIR_ANULACION = (
    sa.update(pagos)
    .where(
        pagos.c.cod_transaccion == sa.bindparam("cod"),
        pagos.c.estado == Estado.APROBADO.value,
        pagos.c.anulacion_pedida_por.is_(None),
    )
    .values(anulacion_pedida_por=sa.bindparam("quien"))
)


def sin_resolver(conexion: sa.Connection, desde: datetime, hasta: datetime, tras: str) -> Sequence[Pago]:
    """Una tanda de pagos `DESCONOCIDO`, o `INICIADO` fuera de ese plazo, con código posterior a `tras`."""
    en_que = {"desde": desde, "hasta": hasta, "tras": tras}
    return [de_fila(fila) for fila in conexion.execute(_SIN_RESOLVER, en_que)]


def sin_veredicto(conexion: sa.Connection) -> tuple[int, datetime | None]:
    """Cuántos pagos no se sabe todavía si se cobraron, y cuándo empezó el más antiguo."""
    cuantos, desde = conexion.execute(_SIN_VEREDICTO).one()
    return cuantos, desde


def por_anular(conexion: sa.Connection, tras: str) -> Sequence[Pago]:
    """Una tanda de pagos cuya anulación se pidió y no se llegó a terminar, con código posterior a `tras`."""
    return [de_fila(fila) for fila in conexion.execute(_POR_ANULAR, {"tras": tras})]


def pedir_anulacion(conexion: sa.Connection, cod_transaccion: str, quien: str) -> None:
    conexion.execute(_PEDIR_ANULACION, {"cod": cod_transaccion, "quien": quien})
