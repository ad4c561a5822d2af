"""Estados de un pago y los cambios que admite; todo lo que no está en la tabla es un 409 que nombra los dos."""

from __future__ import annotations

from enum import StrEnum

from chasis.errores import Conflicto


class Estado(StrEnum):
    INICIADO = "INICIADO"  # anotado y con sus deudas tomadas; todavía no se sabe si se cobró
    APROBADO = "APROBADO"
    RECHAZADO = "RECHAZADO"
    DESCONOCIDO = "DESCONOCIDO"  # quien cobra no contestó a tiempo: no es un fallo, es no saber
    ANULADO = "ANULADO"


TRANSICIONES: dict[Estado, frozenset[Estado]] = {
    Estado.INICIADO: frozenset({Estado.APROBADO, Estado.RECHAZADO, Estado.DESCONOCIDO}),
    Estado.DESCONOCIDO: frozenset({Estado.APROBADO, Estado.RECHAZADO}),
    Estado.APROBADO: frozenset({Estado.ANULADO}),
    Estado.RECHAZADO: frozenset(),
    Estado.ANULADO: frozenset(),
}
OCUPAN = frozenset({Estado.INICIADO, Estado.DESCONOCIDO, Estado.APROBADO})
"""Mientras un pago está en uno de estos estados, nadie más puede pagar sus deudas."""


def exigir(actual: Estado, nuevo: Estado) -> None:
    """Lanza `Conflicto` si un pago no puede pasar de `actual` a `nuevo`."""
    if nuevo not in TRANSICIONES[actual]:
        raise Conflicto(f"El pago está {actual} y no puede pasar a {nuevo}", codigo="ESTADO_INCOMPATIBLE")
