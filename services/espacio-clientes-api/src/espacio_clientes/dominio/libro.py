"""El libro de movimientos: cada cambio de un pago es un asiento numerado cuya huella encierra la del anterior.

Los números no tienen huecos en todo el libro, así que un asiento borrado se nota; las huellas se encadenan dentro de
cada pago, empezando por la de su cabecera y sus líneas, así que un asiento o un importe cambiado también.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from espacio_clientes.dominio.dinero import CERO
from espacio_clientes.dominio.pago import Estado


@dataclass(frozen=True)
class Linea:
    """Una deuda dentro de un carrito o de un pago; los importes son los de la deuda cuando se agregó."""

    codmovimiento: str
    descripcion: str
    importe: Decimal
    comision: Decimal


@dataclass(frozen=True)
class Autoria:
    """Quién hace un cambio, cuándo (UTC) y en qué petición."""

    actor: str
    momento: datetime
    peticion: str | None


@dataclass(frozen=True)
class Asiento:
    """Un cambio de estado: quién, cuándo (UTC), en qué petición y cuánto dinero movió, con su signo."""

    numero: int
    cod_transaccion: str
    orden: int
    antes: Estado | None
    despues: Estado
    importe: Decimal
    moneda: int
    actor: str
    peticion: str | None
    momento: datetime
    previa: str

    @property
    def huella(self) -> str:
        return _sha256(
            (
                self.numero, self.cod_transaccion, self.orden, self.antes, self.despues, str(self.importe),
                self.moneda, self.actor, self.peticion, self.momento.isoformat(), self.previa,
            )
        )  # fmt: skip


def huella_inicial(
    cod_transaccion: str,
    idsession: int,
    *,
    usuario: str,
    documento: str,
    moneda: int,
    lineas: Iterable[Linea],
) -> str:
    """Huella de la que parte la cadena de un pago: lo que se paga y en nombre de quién."""
    detalle = sorted((linea.codmovimiento, str(linea.importe), str(linea.comision)) for linea in lineas)
    return _sha256((cod_transaccion, idsession, usuario, documento, moneda, detalle))


def importe_movido(despues: Estado, total: Decimal) -> Decimal:
    """Lo que un cambio mueve en el libro: cobrar suma, anular resta y lo demás no mueve nada."""
    return {Estado.APROBADO: total, Estado.ANULADO: -total}.get(despues, CERO)


def _sha256(contenido: object) -> str:
    return hashlib.sha256(json.dumps(contenido, ensure_ascii=False).encode()).hexdigest()
