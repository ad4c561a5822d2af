"""Lo que espacio-clientes cuenta a los demás cuando cambia un pago. Nunca lleva el documento: solo una referencia."""

from __future__ import annotations

import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class PagoProcesado:
    """Un pago se aprobó; `total` y `comision` son texto con dos decimales, en la moneda `moneda`."""

    cod_transaccion: str
    documento_ref: str
    cliente: str
    moneda: int
    total: str
    comision: str
    movimientos: list[str]
    recibo: str


@dataclass(frozen=True)
class PagoAnulado:
    """Un pago aprobado se anuló y sus deudas vuelven a estar pendientes."""

    cod_transaccion: str
    documento_ref: str
    movimientos: list[str]


_REF = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TEMA = "pagos"
PUBLICA = {TEMA: (PagoProcesado, PagoAnulado)}
EJEMPLOS = (
    PagoProcesado("PAGO-0001", _REF, "Lucía Ferrer", 1, "78.00", "2.50", ["123"], "R-00000001"),
    PagoAnulado("PAGO-0001", _REF, ["123"]),
)


def referencia(clave: bytes, documento: str) -> str:
    """HMAC del documento: el mismo siempre, y nadie sin la clave puede volver atrás ni probar números."""
    return hmac.new(clave, documento.encode(), "sha256").hexdigest()


def recibo(numero: int) -> str:
    """Número de recibo tal como se enseña."""
    return f"R-{numero:08d}"
