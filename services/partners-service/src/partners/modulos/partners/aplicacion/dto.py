"""Lo que piden los casos de uso, ya comprobado en su forma por quien llama."""

from __future__ import annotations

from dataclasses import dataclass

from partners.modulos.partners.dominio.entidades import EstadoPartner, Objeto, TipoIntegracion


@dataclass(frozen=True)
class AltaDePartner:
    nombre: str
    email: str
    telefono: str | None = None
    direccion: str | None = None


@dataclass(frozen=True)
class CambiosDePartner:
    """Lo que es `None` se queda como está."""

    nombre: str | None = None
    telefono: str | None = None
    direccion: str | None = None
    estado: EstadoPartner | None = None


@dataclass(frozen=True)
class VerificacionKYC:
    estado_kyc: str
    documentos: Objeto | None = None
    comentarios: str | None = None


@dataclass(frozen=True)
class AltaDeIntegracion:
    """`configuracion` viene cifrada: de la puerta hacia dentro, nadie la conoce."""

    tipo: TipoIntegracion
    nombre: str
    descripcion: str | None = None
    configuracion: bytes | None = None
