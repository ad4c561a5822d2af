"""Lo que el dominio necesita de quien guarda los partners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from partners.modulos.partners.dominio.entidades import EstadoKYC, EstadoPartner, Objeto, Partner


@dataclass(frozen=True)
class Filtro:
    """Qué partners se piden; `q` se busca en el nombre y el email, sin distinguir mayúsculas."""

    estado: EstadoPartner | None = None
    estado_kyc: EstadoKYC | None = None
    q: str = ""
    incluir_eliminados: bool = False


class Lista(Protocol):
    """Elementos ya listos para enseñar, que se cuentan y se recorren sin traerlos todos a la memoria."""

    def contar(self) -> int: ...

    def recorrer(self, limite: int | None = None, salto: int = 0) -> Iterator[Objeto]:
        """Sin `limite`, todos los que haya tras los `salto` primeros."""


class RepositorioPartners(Protocol):
    """Agregados enteros, dentro de la transacción en curso."""

    def agregar(self, partner: Partner) -> None:
        """Guarda uno nuevo; `EmailExistente` si el email ya es de otro, y la transacción sigue sirviendo."""

    def obtener(self, partner_id: str, *, para_cambiar: bool = False) -> Partner | None:
        """Con `para_cambiar`, quien quiera cambiar el mismo partner espera a que esta transacción termine."""

    def existe(self, partner_id: str) -> bool: ...

    def partner_de(self, integracion_id: str) -> str | None:
        """Id del partner al que pertenece una integración."""

    def guardar(self, partner: Partner) -> None:
        """Guarda lo pendiente; `CambioSimultaneo` si otro lo cambió desde que se leyó."""

    def partners(self, filtro: Filtro) -> Lista: ...

    def integraciones(self, partner_id: str) -> Lista: ...

    def historial_kyc(self, partner_id: str) -> Lista: ...
