"""Carrito: lo que se responde al cambiarlo (con la clave `descreps` del README) y al mirarlo."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, StringConstraints

from espacio_clientes.api.models.comun import SIN_CONTROLES
from espacio_clientes.aplicacion.carritos import Carrito
from espacio_clientes.dominio.libro import Linea

IdSession = Annotated[
    str,
    StringConstraints(min_length=1, max_length=9, pattern=SIN_CONTROLES),
    Query(description="El `idsession` de la consulta de deudas", examples=["42"]),
]
Indicador = Annotated[Literal["S", "N"], Query(description="`S` agrega la deuda y `N` la quita")]


class CambioDeCarrito(BaseModel):
    comision: float
    codresp: str
    descreps: str


class LineaDeCarrito(BaseModel):
    codmovimiento: str
    descripcion: str
    importe: float
    comision: float

    @classmethod
    def de(cls, linea: Linea) -> LineaDeCarrito:
        return cls(
            codmovimiento=linea.codmovimiento,
            descripcion=linea.descripcion,
            importe=float(linea.importe),
            comision=float(linea.comision),
        )


class CarritoAbierto(BaseModel):
    idsession: int
    lineas: list[LineaDeCarrito]
    subtotal: float
    comision: float
    total: float

    @classmethod
    def de(cls, carrito: Carrito) -> CarritoAbierto:
        return cls(
            idsession=carrito.sesion.idsession,
            lineas=[LineaDeCarrito.de(linea) for linea in carrito.lineas],
            subtotal=float(carrito.subtotal),
            comision=float(carrito.comision),
            total=float(carrito.total),
        )
