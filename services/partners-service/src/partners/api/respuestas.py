"""Lo que devuelve partners-service, para su OpenAPI."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from partners.modulos.partners.dominio.entidades import EstadoKYC, EstadoPartner, Objeto, TipoIntegracion


class Salud(BaseModel):
    status: str
    service: str


class Integracion(BaseModel):
    id: str
    tipo: TipoIntegracion
    nombre: str
    descripcion: str | None
    activa: bool
    fecha_creacion: datetime
    fecha_revocacion: datetime | None


class DatosDeIntegracion(BaseModel):
    id: str
    partner_id: str
    tipo: TipoIntegracion
    nombre: str
    descripcion: str | None
    activa: bool
    fecha_creacion: datetime


class Partner(BaseModel):
    id: str
    nombre: str
    email: str
    telefono: str | None
    direccion: str | None
    estado: EstadoPartner
    estado_kyc: EstadoKYC
    fecha_creacion: datetime


class PartnerCompleto(Partner):
    documentos_kyc: Objeto | None
    fecha_actualizacion: datetime
    integraciones: list[Integracion]


class Resumen(BaseModel):
    id: str
    nombre: str
    email: str
    telefono: str | None
    estado: EstadoPartner
    estado_kyc: EstadoKYC
    fecha_creacion: datetime
    integraciones_count: int


class Verificacion(BaseModel):
    id: str
    nombre: str
    email: str
    estado_kyc: EstadoKYC
    documentos_kyc: Objeto | None
    fecha_actualizacion: datetime


class LineaDeHistorial(BaseModel):
    de: EstadoKYC
    a: EstadoKYC
    comentarios: str | None
    documentos: Objeto | None
    fecha: datetime


class PartnerCreado(BaseModel):
    mensaje: str
    partner: Partner


class UnPartner(BaseModel):
    partner: PartnerCompleto


class PartnerActualizado(UnPartner):
    mensaje: str


class PartnerEliminado(BaseModel):
    mensaje: str
    partner_id: str


class PartnerVerificado(BaseModel):
    mensaje: str
    partner: Verificacion


class IntegracionCreada(BaseModel):
    mensaje: str
    integracion: DatosDeIntegracion


class IntegracionRevocada(BaseModel):
    mensaje: str
    integracion_id: str
    motivo: str | None


class Partners(BaseModel):
    partners: list[Resumen]
    total: int


class Integraciones(BaseModel):
    integraciones: list[Integracion]


class Historial(BaseModel):
    historial: list[LineaDeHistorial]
