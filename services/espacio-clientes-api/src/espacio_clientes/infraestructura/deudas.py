"""Las deudas en nuestras tablas: están pendientes mientras ninguna línea de pago las ocupe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.tablas import clientes, deudas, lineas_pago
from espacio_clientes.puertos import Cuenta, Deuda

MAXIMO = 1000  # deudas en una consulta

_DEUDA = (
    deudas.c.codmovimiento, deudas.c.descripcion, deudas.c.impo_maxi, deudas.c.impo_tota, deudas.c.moneda,
    deudas.c.fech_venc, deudas.c.observacion, deudas.c.seq_di,
)  # fmt: skip
_OCUPADA = sa.exists().where(lineas_pago.c.ocupa == deudas.c.codmovimiento)
_DEL_CLIENTE = sa.and_(
    deudas.c.documento == clientes.c.documento, deudas.c.moneda == sa.bindparam("moneda"), ~_OCUPADA
)
# El cliente sin deudas también sale, con una fila de nulos: así una sola consulta distingue «no debe» de «no existe».
_CONSULTA = (
    sa.select(clientes.c.nombre, *_DEUDA)
    .select_from(clientes.outerjoin(deudas, _DEL_CLIENTE))
    .where(clientes.c.documento == sa.bindparam("documento"))
    .order_by(deudas.c.fech_venc, deudas.c.codmovimiento)
    .limit(MAXIMO)
)
_UNA = (
    sa.select(*_DEUDA, lineas_pago.c.ocupa)
    .select_from(deudas.outerjoin(lineas_pago, lineas_pago.c.ocupa == deudas.c.codmovimiento))
    .where(
        deudas.c.codmovimiento == sa.bindparam("codmovimiento"),
        deudas.c.documento == sa.bindparam("documento"),
        deudas.c.moneda == sa.bindparam("moneda"),
    )
)


class DeudasEnTablas:
    def consultar(self, conexion: sa.Connection, documento: str, moneda: int) -> Cuenta | None:
        filas = conexion.execute(_CONSULTA, {"documento": documento, "moneda": moneda}).all()
        if not filas:
            return None
        return Cuenta(filas[0].nombre, [_deuda(fila[1:]) for fila in filas if fila.codmovimiento is not None])

    def buscar(
        self, conexion: sa.Connection, documento: str, moneda: int, codmovimiento: str
    ) -> tuple[Deuda, bool] | None:
        claves = {"documento": documento, "moneda": moneda, "codmovimiento": codmovimiento}
        fila = conexion.execute(_UNA, claves).one_or_none()
        return (_deuda(fila[:-1]), fila.ocupa is None) if fila else None

    def avisar(
        self, conexion: sa.Connection, cod_transaccion: str, codmovimientos: Sequence[str], estado: Estado
    ) -> None:
        """No hay a quién avisar: que la deuda esté pendiente ya se deduce de las líneas de pago."""


def _deuda(valores: Sequence[Any]) -> Deuda:
    return Deuda(*valores)
