"""El agregado `Partner`: sus datos, su verificación KYC y sus integraciones técnicas, con las reglas que los unen.

Todo cambio pasa por un método de `Partner`, que deja en `pendiente` lo que hay que guardar y los eventos que lo
cuentan. Las fechas son UTC sin zona.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from partners.modulos.partners.dominio import eventos, excepciones

Objeto = dict[str, Any]

_ATOMO, _ETIQUETA = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
CORREO = rf"^{_ATOMO}(\.{_ATOMO})*@{_ETIQUETA}(\.{_ETIQUETA})+$"
"""Dirección con átomos separados por puntos (RFC 5322 §3.2.3) y un dominio de dos etiquetas o más."""


class EstadoPartner(StrEnum):
    ACTIVO = "ACTIVO"
    INACTIVO = "INACTIVO"
    SUSPENDIDO = "SUSPENDIDO"
    ELIMINADO = "ELIMINADO"


class EstadoKYC(StrEnum):
    PENDIENTE = "PENDIENTE"
    APROBADO = "APROBADO"
    RECHAZADO = "RECHAZADO"
    REQUIERE_DOCUMENTOS = "REQUIERE_DOCUMENTOS"

    @classmethod
    def leer(cls, texto: str) -> EstadoKYC:
        """`KYCInvalido`, con los cuatro que hay, si no es ninguno."""
        try:
            return cls(texto)
        except ValueError:
            raise excepciones.KYCInvalido(", ".join(cls)) from None


class TipoIntegracion(StrEnum):
    API = "API"
    WEBHOOK = "WEBHOOK"
    BATCH = "BATCH"
    REAL_TIME = "REAL_TIME"


@dataclass
class Integracion:
    """Una conexión técnica; `configuracion` llega ya cifrada y solo se escribe: nadie la vuelve a leer por aquí."""

    id: str
    partner_id: str
    tipo: TipoIntegracion
    nombre: str
    descripcion: str | None
    fecha_creacion: datetime
    activa: bool = True
    fecha_revocacion: datetime | None = None
    motivo_revocacion: str | None = None
    configuracion: bytes | None = field(default=None, repr=False)

    def revocar(self, motivo: str | None, ahora: datetime) -> None:
        self.activa, self.fecha_revocacion, self.motivo_revocacion = False, ahora, motivo


@dataclass(frozen=True)
class CambioKYC:
    """Una línea de la historia de la verificación."""

    de: EstadoKYC
    a: EstadoKYC
    comentarios: str | None
    documentos: Objeto | None
    fecha: datetime


@dataclass
class Pendiente:
    """Lo que ha cambiado en el agregado desde que se leyó; cada evento, con la versión que deja."""

    nuevas: list[Integracion] = field(default_factory=list)
    revocadas: list[Integracion] = field(default_factory=list)
    kyc: list[CambioKYC] = field(default_factory=list)
    eventos: list[tuple[int, object]] = field(default_factory=list)


@dataclass
class Partner:
    """Raíz del agregado. `version` crece con cada cambio y ordena sus eventos; `guardada` es la que hay escrita."""

    id: str
    nombre: str
    email: str
    telefono: str | None
    direccion: str | None
    fecha_creacion: datetime
    fecha_actualizacion: datetime
    estado: EstadoPartner = EstadoPartner.ACTIVO
    estado_kyc: EstadoKYC = EstadoKYC.PENDIENTE
    documentos_kyc: Objeto | None = None
    version: int = 0
    guardada: int = 0
    integraciones: list[Integracion] = field(default_factory=list)
    pendiente: Pendiente = field(default_factory=Pendiente)

    @classmethod
    def nuevo(
        cls, nombre: str, email: str, telefono: str | None, direccion: str | None, ahora: datetime
    ) -> Partner:
        """Con un id nuevo; `EmailInvalido` si `email` no es una dirección."""
        if not re.match(CORREO, email):
            raise excepciones.EmailInvalido
        partner = cls(str(uuid4()), nombre, email, telefono, direccion, ahora, ahora)
        partner._cambia(eventos.PartnerCreado(partner.id, nombre, email, partner.estado, partner.estado_kyc))
        return partner

    def actualizar(self, cambios: Objeto, ahora: datetime) -> None:
        """`cambios`: los campos que se tocan (nombre, telefono, direccion, estado) con su nuevo valor."""
        self._exigir_que_viva()
        reales = {campo: valor for campo, valor in cambios.items() if valor != getattr(self, campo)}
        if not reales:
            return
        anterior = self.estado
        for campo, valor in reales.items():
            setattr(self, campo, valor)
        self.fecha_actualizacion = ahora
        datos = (self.id, self.nombre, self.email, self.estado, self.estado_kyc, anterior)
        self._cambia(eventos.PartnerActualizado(*datos))

    def eliminar(self, ahora: datetime) -> None:
        """Baja lógica: revoca sus integraciones activas, y la ficha se conserva."""
        self._exigir_que_viva()
        for integracion in self.integraciones:
            if integracion.activa:
                self._revocar(integracion, "Partner eliminado", ahora)
        self.estado, self.fecha_actualizacion = EstadoPartner.ELIMINADO, ahora
        self._cambia(eventos.PartnerEliminado(self.id))

    def verificar_kyc(
        self, estado: EstadoKYC, documentos: Objeto | None, comentarios: str | None, ahora: datetime
    ) -> None:
        """Sin `documentos` se conservan los que había; repetir lo que ya consta no cambia nada."""
        self._exigir_que_viva()
        documentos = self.documentos_kyc if documentos is None else documentos
        if (estado, documentos) == (self.estado_kyc, self.documentos_kyc):
            return
        cambio = CambioKYC(self.estado_kyc, estado, comentarios, documentos, ahora)
        self.pendiente.kyc.append(cambio)
        self.estado_kyc, self.documentos_kyc, self.fecha_actualizacion = estado, documentos, ahora
        nuevo_estado = cambio.de != cambio.a
        self._cambia(eventos.KYCVerificado(self.id, cambio.de, cambio.a) if nuevo_estado else None)

    def integrar(
        self,
        tipo: TipoIntegracion,
        nombre: str,
        descripcion: str | None,
        configuracion: bytes | None,
        ahora: datetime,
    ) -> Integracion:
        self._exigir_que_viva()
        integracion = Integracion(
            str(uuid4()), self.id, tipo, nombre, descripcion, ahora, configuracion=configuracion
        )
        self.integraciones.append(integracion)
        self.pendiente.nuevas.append(integracion)
        self._cambia(eventos.IntegracionCreada(integracion.id, self.id, tipo, nombre))
        return integracion

    def revocar_integracion(self, integracion_id: str, motivo: str | None, ahora: datetime) -> None:
        """De una integración suya; `IntegracionYaRevocada` si ya lo estaba."""
        integracion = next(una for una in self.integraciones if una.id == integracion_id)
        if not integracion.activa:
            raise excepciones.IntegracionYaRevocada
        self._revocar(integracion, motivo, ahora)

    def _revocar(self, integracion: Integracion, motivo: str | None, ahora: datetime) -> None:
        integracion.revocar(motivo, ahora)
        self.pendiente.revocadas.append(integracion)
        self._cambia(eventos.IntegracionRevocada(integracion.id, self.id, motivo))

    def _exigir_que_viva(self) -> None:
        if self.estado is EstadoPartner.ELIMINADO:
            raise excepciones.PartnerEliminado

    def _cambia(self, evento: object | None) -> None:
        self.version += 1
        if evento is not None:
            self.pendiente.eventos.append((self.version, evento))
