"""Cuerpos y consultas que acepta partners-service, con los textos de error de su README."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chasis.esquemas import Entrada, texto
from chasis.paginacion import Pagina
from partners.modulos.partners.aplicacion.dto import AltaDePartner, CambiosDePartner, VerificacionKYC
from partners.modulos.partners.dominio.entidades import (
    CORREO,
    EstadoKYC,
    EstadoPartner,
    Objeto,
    TipoIntegracion,
)
from partners.modulos.partners.dominio.repositorios import Filtro

NOMBRE, EMAIL, TELEFONO, DIRECCION, LIBRE = 255, 255, 50, 1000, 2000  # caracteres


def _opcional(maximo: int) -> Any:
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=maximo)] | None


def _sin_nul(valor: str) -> str:
    if "\x00" in valor:
        raise ValueError("no admite el carácter NUL")
    return valor


class PartnerNuevo(Entrada):
    MENSAJES = (("nombre email", "falta", "Nombre y email son requeridos"),)

    nombre: texto(NOMBRE)  # type: ignore[valid-type]
    # Si es una dirección de verdad lo decide el dominio: también llegan altas por eventos.
    email: texto(EMAIL) = Field(json_schema_extra={"pattern": CORREO})  # type: ignore[valid-type]
    telefono: _opcional(TELEFONO) = None  # type: ignore[valid-type]
    direccion: _opcional(DIRECCION) = None  # type: ignore[valid-type]

    def alta(self) -> AltaDePartner:
        return AltaDePartner(self.nombre, self.email, self.telefono, self.direccion)


class PartnerCambiado(Entrada):
    MENSAJES = (("email", "tipo", "El campo 'email' no se puede cambiar"),)

    nombre: texto(NOMBRE) | None = None  # type: ignore[valid-type]
    telefono: _opcional(TELEFONO) = None  # type: ignore[valid-type]
    direccion: _opcional(DIRECCION) = None  # type: ignore[valid-type]
    estado: Literal["ACTIVO", "INACTIVO", "SUSPENDIDO"] | None = None
    email: None = Field(None, description="No se puede cambiar")

    def cambios(self) -> CambiosDePartner:
        estado = self.estado and EstadoPartner(self.estado)
        return CambiosDePartner(self.nombre, self.telefono, self.direccion, estado)


class KYC(Entrada):
    # Que el estado sea uno de los cuatro lo comprueba el dominio, con su propio código (KYC_INVALIDO).
    estado_kyc: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1),
        WithJsonSchema({"type": "string", "enum": list(EstadoKYC)}),
    ]
    documentos: dict[str, Any] | None = None
    comentarios: _opcional(LIBRE) = None  # type: ignore[valid-type]

    def verificacion(self) -> VerificacionKYC:
        return VerificacionKYC(self.estado_kyc, self.documentos, self.comentarios)


class IntegracionNueva(Entrada):
    tipo: TipoIntegracion
    nombre: texto(NOMBRE)  # type: ignore[valid-type]
    descripcion: _opcional(LIBRE) = None  # type: ignore[valid-type]
    configuracion: Objeto | None = Field(
        None, description="Puede llevar secretos: se cifra y no se devuelve nunca"
    )


class Revocacion(Entrada):
    motivo: _opcional(LIBRE) = None  # type: ignore[valid-type]


class ListaDePartners(Pagina):
    estado: EstadoPartner | None = None
    estado_kyc: EstadoKYC | None = None
    q: Annotated[
        str,
        StringConstraints(max_length=255),
        AfterValidator(_sin_nul),
        Field(description="Solo los que lo contienen en el nombre o el email, sin distinguir mayúsculas"),
    ] = ""
    incluir_eliminados: bool = Field(False, description="Con 1, también los eliminados")

    @property
    def filtro(self) -> Filtro:
        return Filtro(self.estado, self.estado_kyc, self.q, self.incluir_eliminados)
