"""Dinero: siempre `Decimal` con dos decimales; las monedas nunca se suman entre sí."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENTIMO = Decimal("0.01")
CERO = Decimal("0.00")


def redondear(importe: Decimal) -> Decimal:
    """A céntimos; el medio céntimo sube."""
    return importe.quantize(CENTIMO, ROUND_HALF_UP)


def comision(impo_maxi: Decimal, porcentaje: Decimal) -> Decimal:
    """Comisión de una línea: `porcentaje` % de su `IMPO_MAXI`, redondeada línea a línea (100,00 → 2,50)."""
    return redondear(impo_maxi * porcentaje / 100)
