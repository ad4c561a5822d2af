"""Pagos y anulaciones."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from chasis.esquemas import HoraSinZona
from espacio_clientes.api.models.carrito import LineaDeCarrito
from espacio_clientes.aplicacion import eventos
from espacio_clientes.dominio.libro import Linea
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura.pagos import Pago


class ResultadoDePago(BaseModel):
    cod_resp: str
    mod_fact: str
    desc_resp: str


class ResultadoDeAnulacion(BaseModel):
    cod_resp: str
    desc_resp: str


class DetalleDePago(BaseModel):
    cod_transaccion: str
    estado: Estado
    moneda: int
    total: float
    comision: float
    recibo: str | None
    creado_en: HoraSinZona
    cambiado_en: HoraSinZona
    anulacion_pedida: bool
    lineas: list[LineaDeCarrito]

    @classmethod
    def de(cls, pago: Pago, lineas: Sequence[Linea]) -> DetalleDePago:
        return cls(
            cod_transaccion=pago.cod_transaccion,
            estado=pago.estado,
            moneda=pago.moneda,
            total=float(pago.total),
            comision=float(pago.comision),
            recibo=eventos.recibo(pago.recibo) if pago.recibo else None,
            creado_en=pago.creado_en,
            cambiado_en=pago.cambiado_en,
            anulacion_pedida=pago.anulacion_pedida_por is not None,
            lineas=[LineaDeCarrito.de(linea) for linea in lineas],
        )
