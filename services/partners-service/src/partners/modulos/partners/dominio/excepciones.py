"""Lo que puede salir mal en el dominio, con el código que fija el README."""

from __future__ import annotations

from chasis.errores import Conflicto, ErrorDeServicio, NoEncontrado, PeticionInvalida


class EmailInvalido(PeticionInvalida):
    def __init__(self) -> None:
        super().__init__("El campo 'email' no es una dirección de correo válida", campo="email")


class KYCInvalido(PeticionInvalida):
    codigo = "KYC_INVALIDO"

    def __init__(self, admitidos: str) -> None:
        super().__init__(f"Estado KYC inválido: 'estado_kyc' admite {admitidos}", campo="estado_kyc")


class EmailExistente(Conflicto):
    codigo = "EMAIL_EXISTENTE"

    def __init__(self) -> None:
        super().__init__("Email ya registrado", campo="email")


class CambioSimultaneo(Conflicto):
    codigo = "CAMBIO_SIMULTANEO"

    def __init__(self) -> None:
        super().__init__("El partner ha cambiado mientras tanto; vuelve a intentarlo")


class PartnerNoEncontrado(NoEncontrado):
    codigo = "PARTNER_NO_ENCONTRADO"

    def __init__(self) -> None:
        super().__init__("Partner no existe")


class IntegracionNoEncontrada(NoEncontrado):
    codigo = "INTEGRACION_NO_ENCONTRADA"

    def __init__(self) -> None:
        super().__init__("Integración no existe")


class PartnerEliminado(ErrorDeServicio):
    estado = 410
    codigo = "PARTNER_ELIMINADO"

    def __init__(self) -> None:
        super().__init__("Partner está eliminado")


class IntegracionYaRevocada(ErrorDeServicio):
    estado = 410
    codigo = "INTEGRACION_YA_REVOCADA"

    def __init__(self) -> None:
        super().__init__("Integración ya revocada")
