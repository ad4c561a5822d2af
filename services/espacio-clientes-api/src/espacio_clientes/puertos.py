"""Lo que los casos de uso necesitan de fuera: de dónde salen las deudas y quién cobra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from sqlalchemy import Connection

from espacio_clientes.dominio.pago import Estado


@dataclass(frozen=True)
class Deuda:
    """Una deuda, con los nombres del README en minúsculas."""

    codmovimiento: str
    descripcion: str
    impo_maxi: Decimal
    impo_tota: Decimal
    moneda: int
    fech_venc: date
    observacion: str | None
    seq_di: int


@dataclass(frozen=True)
class Cuenta:
    """Un cliente y lo que debe en una moneda, por fecha de vencimiento."""

    nombre: str
    deudas: Sequence[Deuda]


class Deudas(Protocol):
    """De dónde salen las deudas: nuestras tablas o un paquete PL/SQL."""

    def consultar(self, conexion: Connection, documento: str, moneda: int) -> Cuenta | None:
        """Las pendientes, de más antigua a más nueva y como máximo mil; `None` si el documento no existe."""

    def buscar(
        self, conexion: Connection, documento: str, moneda: int, codmovimiento: str
    ) -> tuple[Deuda, bool] | None:
        """Una deuda de ese cliente y si sigue pendiente (nadie la ha pagado ni la está pagando)."""

    def avisar(
        self, conexion: Connection, cod_transaccion: str, codmovimientos: Sequence[str], estado: Estado
    ) -> None:
        """Cuenta el cambio de estado de un pago, en su misma transacción; lanza `Conflicto` si no lo admite."""


@dataclass(frozen=True)
class Cobro:
    """Lo que se pide cobrar; `clave` lo identifica para siempre ante quien cobra."""

    clave: str
    importe: Decimal
    moneda: int


class SinRespuesta(Exception):
    """Quien cobra no contestó a tiempo: puede haber cobrado o no."""


Veredicto = Literal["aprobado", "rechazado"]


class Procesador(Protocol):
    """Quien cobra. Las tres operaciones son repetibles: con la misma clave, el mismo resultado y un solo cobro.

    Todas contestan dentro de su plazo o lanzan `SinRespuesta`.
    """

    def cobrar(self, cobro: Cobro) -> Veredicto:
        """Cobra."""

    def resolver(self, clave: str) -> Veredicto:
        """Qué fue de un cobro. Si no le consta, lo cierra como rechazado: un cobro que llegue tarde no se hará."""

    def devolver(self, clave: str) -> None:
        """Devuelve lo cobrado."""
