"""Lo que partners-service cuenta a los demás. La configuración de una integración no va en ninguno."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PartnerCreado:
    """Hay un partner nuevo."""

    partner_id: str
    nombre: str
    email: str
    estado: str
    estado_kyc: str


@dataclass(frozen=True)
class PartnerActualizado:
    """Cambió algún dato de un partner; `estado_anterior` es el que tenía."""

    partner_id: str
    nombre: str
    email: str
    estado: str
    estado_kyc: str
    estado_anterior: str


@dataclass(frozen=True)
class PartnerEliminado:
    """Un partner dejó de existir."""

    partner_id: str


@dataclass(frozen=True)
class KYCVerificado:
    """Terminó una verificación de identidad (KYC) de un partner."""

    partner_id: str
    estado_kyc_anterior: str
    estado_kyc_nuevo: str


@dataclass(frozen=True)
class IntegracionCreada:
    """Un partner tiene una integración técnica nueva."""

    integracion_id: str
    partner_id: str
    tipo: str
    nombre: str


@dataclass(frozen=True)
class IntegracionRevocada:
    """Una integración dejó de valer."""

    integracion_id: str
    partner_id: str
    motivo: str | None


TEMA = "partners"
PUBLICA = {
    TEMA: (
        PartnerCreado,
        PartnerActualizado,
        PartnerEliminado,
        KYCVerificado,
        IntegracionCreada,
        IntegracionRevocada,
    )
}
_PARTNER, _INTEGRACION = "0d5c3c1e-8c0f-4a53-9a53-2f6f2f1f7c11", "b7a9d7ce-93a2-4f0c-8f6a-6a1a0f4f9d22"
EJEMPLOS = (
    PartnerCreado(_PARTNER, "Empresa ABC", "contacto@empresaabc.com", "ACTIVO", "PENDIENTE"),
    PartnerActualizado(
        _PARTNER, "Empresa ABC", "contacto@empresaabc.com", "SUSPENDIDO", "APROBADO", "ACTIVO"
    ),
    PartnerEliminado(_PARTNER),
    KYCVerificado(_PARTNER, "PENDIENTE", "APROBADO"),
    IntegracionCreada(_INTEGRACION, _PARTNER, "API", "Integración API REST"),
    IntegracionRevocada(_INTEGRACION, _PARTNER, "Cambio de proveedor de servicios"),
)
