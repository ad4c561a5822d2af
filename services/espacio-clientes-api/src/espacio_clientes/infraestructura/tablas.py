"""Tablas de espacio-clientes, iguales en Oracle y en SQLite; las crea `migraciones/`.

Oracle manda en los tipos: la cadena vacía es NULL, DATE no guarda fracciones de segundo y una clave numérica solo se
genera con `Identity`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from espacio_clientes.dominio.dinero import redondear


class Dinero(TypeDecorator[Decimal]):
    """`NUMBER(15,2)` en Oracle; en SQLite, que no tiene decimales exactos, céntimos enteros."""

    impl = sa.Numeric(15, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        en_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(sa.BigInteger() if en_sqlite else sa.Numeric(15, 2))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        return int(value * 100) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-2) if dialect.name == "sqlite" else redondear(Decimal(value))


metadatos = sa.MetaData()

usuarios = sa.Table(
    "usuarios",
    metadatos,
    sa.Column("usuario", sa.Unicode(35), primary_key=True),
    sa.Column("clave", sa.String(200), nullable=False),
    sa.Column("rol", sa.String(10), nullable=False),
    sa.Column("documento", sa.Unicode(15)),
)
clientes = sa.Table(
    "clientes",
    metadatos,
    sa.Column("documento", sa.Unicode(15), primary_key=True),
    sa.Column("nombre", sa.Unicode(100), nullable=False),
)
deudas = sa.Table(
    "deudas",
    metadatos,
    sa.Column("codmovimiento", sa.Unicode(20), primary_key=True),
    sa.Column("documento", sa.ForeignKey("clientes.documento"), nullable=False),
    sa.Column("moneda", sa.Integer, nullable=False),
    sa.Column("descripcion", sa.Unicode(100), nullable=False),
    sa.Column("impo_maxi", Dinero, nullable=False),
    sa.Column("impo_tota", Dinero, nullable=False),
    sa.Column("fech_venc", sa.Date, nullable=False),
    sa.Column("observacion", sa.Unicode(200)),
    sa.Column("seq_di", sa.Integer, nullable=False),
    sa.Index("deudas_por_documento", "documento", "moneda"),
)
sesiones = sa.Table(
    "sesiones",
    metadatos,
    sa.Column("idsession", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("usuario", sa.Unicode(35), nullable=False),
    sa.Column("documento", sa.Unicode(15), nullable=False),
    sa.Column("nombre", sa.Unicode(100), nullable=False),
    sa.Column("moneda", sa.Integer, nullable=False),
    sa.Column("abierta_en", sa.DateTime, nullable=False, index=True),
)
carrito = sa.Table(
    "carrito",
    metadatos,
    sa.Column("idsession", sa.ForeignKey("sesiones.idsession"), primary_key=True),
    sa.Column("codmovimiento", sa.Unicode(20), primary_key=True),
    sa.Column("descripcion", sa.Unicode(100), nullable=False),
    sa.Column("importe", Dinero, nullable=False),
    sa.Column("comision", Dinero, nullable=False),
)
pagos = sa.Table(
    "pagos",
    metadatos,
    sa.Column("cod_transaccion", sa.Unicode(20), primary_key=True),
    sa.Column("idsession", sa.Integer, nullable=False),
    sa.Column("usuario", sa.Unicode(35), nullable=False),
    sa.Column("documento", sa.Unicode(15), nullable=False),
    sa.Column("nombre", sa.Unicode(100), nullable=False),
    sa.Column("moneda", sa.Integer, nullable=False),
    sa.Column("total", Dinero, nullable=False),
    sa.Column("comision", Dinero, nullable=False),
    sa.Column("estado", sa.String(12), nullable=False),
    sa.Column("orden", sa.Integer, nullable=False),
    sa.Column("huella", sa.String(64), nullable=False),
    sa.Column("recibo", sa.Integer, unique=True),
    sa.Column("creado_en", sa.DateTime, nullable=False),
    sa.Column("cambiado_en", sa.DateTime, nullable=False),
    sa.Column("anulacion_pedida_por", sa.Unicode(35)),
    sa.Index("pagos_por_estado", "estado", "cambiado_en"),
    sa.Index("pagos_por_anular", "anulacion_pedida_por"),
)
lineas_pago = sa.Table(
    "lineas_pago",
    metadatos,
    sa.Column("cod_transaccion", sa.ForeignKey("pagos.cod_transaccion"), primary_key=True),
    sa.Column("codmovimiento", sa.Unicode(20), primary_key=True),
    sa.Column("descripcion", sa.Unicode(100), nullable=False),
    sa.Column("importe", Dinero, nullable=False),
    sa.Column("comision", Dinero, nullable=False),
    # La deuda que esta línea ocupa, o nada si el pago se rechazó o anuló. Que sea única es lo que impide pagar dos
    # veces la misma deuda.
    sa.Column("ocupa", sa.Unicode(20), unique=True),
)
movimientos_pago = sa.Table(
    "movimientos_pago",
    metadatos,
    sa.Column("numero", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("cod_transaccion", sa.ForeignKey("pagos.cod_transaccion"), nullable=False),
    sa.Column("orden", sa.Integer, nullable=False),
    sa.Column("antes", sa.String(12)),
    sa.Column("despues", sa.String(12), nullable=False),
    sa.Column("importe", Dinero, nullable=False),
    sa.Column("moneda", sa.Integer, nullable=False),
    sa.Column("actor", sa.Unicode(35), nullable=False),
    sa.Column("peticion", sa.String(128)),
    sa.Column("momento", sa.DateTime, nullable=False),
    sa.Column("previa", sa.String(64), nullable=False),
    sa.Column("huella", sa.String(64), nullable=False),
    sa.UniqueConstraint("cod_transaccion", "orden", name="un_asiento_por_paso"),
)
libro = sa.Table(
    "libro",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("asientos", sa.Integer, nullable=False),
    sa.Column("recibos", sa.Integer, nullable=False),
)
tokens_revocados = sa.Table(
    "tokens_revocados",
    metadatos,
    sa.Column("jti", sa.String(64), primary_key=True),
    sa.Column("caduca_en", sa.DateTime, nullable=False, index=True),
)
intentos_fallidos = sa.Table(
    "intentos_fallidos",
    metadatos,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("usuario", sa.Unicode(35), nullable=False),
    sa.Column("momento", sa.DateTime, nullable=False, index=True),
    sa.Index("intentos_por_usuario", "usuario", "momento"),
)
auditoria = sa.Table(
    "auditoria",
    metadatos,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("momento", sa.DateTime, nullable=False),
    sa.Column("actor", sa.Unicode(35), nullable=False),
    sa.Column("accion", sa.String(40), nullable=False),
    sa.Column("detalle", sa.Unicode(200)),
    sa.Column("peticion", sa.String(128)),
)
