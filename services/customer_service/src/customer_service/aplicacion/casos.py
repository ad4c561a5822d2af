"""Casos de uso de clientes sobre un almacén de documentos con versiones (ETag)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from chasis.errores import Conflicto, NoDisponible, PrecondicionFallida
from customer_service.dominio import cliente
from customer_service.dominio.cliente import Documento

INSISTENCIA = 10.0  # segundos durante los que se repite un cambio que pierde la carrera con otro


class Almacen(Protocol):
    """Lo que se necesita de quien guarda los documentos."""

    def leer(self, nombre: str) -> tuple[Documento, str]:
        """Documento y versión; `NoEncontrado` si no está."""

    def crear(self, documento: Documento, operacion: str | None) -> None:
        """Guarda solo si no existía; si existía, `PrecondicionFallida`."""

    def reemplazar(self, documento: Documento, version: str, operacion: str | None) -> None:
        """Guarda solo si la versión sigue siendo esa; si no, `PrecondicionFallida`.

        `operacion` identifica el cambio: repetirlo con la misma no tiene un segundo efecto.
        """


@dataclass(frozen=True)
class Clientes:
    """Los casos de uso, con lo que necesitan para trabajar."""

    almacen: Almacen
    zona: ZoneInfo

    def crear(self, nombre: str, contacto: str, servicio: str, *, operacion: str | None = None) -> None:
        """`Conflicto` si ya hay un cliente con ese nombre; `operacion`, la que explica `Almacen.reemplazar`."""
        documento = cliente.nuevo(nombre, contacto, servicio, self._ahora().date())
        try:
            self.almacen.crear(documento, operacion)
        except PrecondicionFallida:
            raise Conflicto(f"El cliente '{nombre}' ya existe.", campo="nombre") from None

    def consultar(self, nombre: str) -> tuple[Documento, str]:
        """La ficha (las tres claves del README) y la versión del documento; `NoEncontrado` si no está."""
        documento, version = self.almacen.leer(nombre)
        return cliente.ficha(documento), version

    def agregar_servicio(self, nombre: str, servicio: str, *, operacion: str | None = None) -> None:
        """Con fecha de hoy; `NoEncontrado` si no está el cliente; `Conflicto` si sus servicios no son una lista."""
        hoy = self._ahora().date()
        self._cambiar(
            nombre, lambda documento: cliente.con_servicio(documento, servicio, hoy), None, operacion
        )

    def cambiar_contacto(
        self, nombre: str, contacto: str, *, solo_si: Callable[[str], bool] | None = None
    ) -> None:
        """`solo_si` recibe la versión actual y dice si el cambio procede (`If-Match`)."""
        self._cambiar(nombre, lambda documento: cliente.con_contacto(documento, contacto), solo_si, None)

    def _cambiar(
        self,
        nombre: str,
        cambio: Callable[[Documento], Documento],
        solo_si: Callable[[str], bool] | None,
        operacion: str | None,
    ) -> None:
        """Leer, cambiar y escribir si nadie se adelantó; si alguien lo hizo, otra vez desde el principio."""
        limite = time.monotonic() + INSISTENCIA
        while time.monotonic() < limite:
            documento, version = self.almacen.leer(nombre)
            if solo_si and not solo_si(version):
                raise PrecondicionFallida("Precondición fallida")
            try:
                self.almacen.reemplazar(cambio(documento), version, operacion)
            except PrecondicionFallida:
                time.sleep(random.uniform(0, 0.02))  # noqa: S311 — solo separa a los que compiten
            else:
                return
        raise NoDisponible("Demasiados cambios simultáneos sobre el mismo cliente")

    def _ahora(self) -> datetime:
        return datetime.now(self.zona)
