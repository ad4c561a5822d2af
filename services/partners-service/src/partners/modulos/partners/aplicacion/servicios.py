"""Casos de uso de partners: cada uno guarda el agregado y publica sus eventos en la transacción de quien llama."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from partners.modulos.partners.aplicacion import mapeadores
from partners.modulos.partners.aplicacion.dto import (
    AltaDeIntegracion,
    AltaDePartner,
    CambiosDePartner,
    VerificacionKYC,
)
from partners.modulos.partners.dominio.entidades import EstadoKYC, Objeto, Partner
from partners.modulos.partners.dominio.excepciones import IntegracionNoEncontrada, PartnerNoEncontrado
from partners.modulos.partners.dominio.repositorios import Filtro, Lista, RepositorioPartners

Publicar = Callable[[object, str, int], None]
"""Anota un evento de un agregado (evento, id, secuencia) en la misma transacción."""


@dataclass(frozen=True)
class ServicioPartners:
    """Los casos de uso sobre una transacción abierta; ninguno sabe de HTTP ni de SQL.

    Devuelven los objetos de la API, o una `Lista` de ellos sin leer, y lanzan las excepciones del dominio.
    """

    repositorio: RepositorioPartners
    publicar: Publicar

    def crear(self, alta: AltaDePartner) -> Objeto:
        partner = Partner.nuevo(alta.nombre, alta.email, alta.telefono, alta.direccion, _ahora())
        self.repositorio.agregar(partner)
        self._publicar(partner)
        return mapeadores.partner(partner)

    def obtener(self, partner_id: str) -> Objeto:
        return mapeadores.partner_completo(self._leer(partner_id))

    def actualizar(self, partner_id: str, cambios: CambiosDePartner) -> Objeto:
        partner = self._leer(partner_id, para_cambiar=True)
        partner.actualizar({k: v for k, v in asdict(cambios).items() if v is not None}, _ahora())
        self._guardar(partner)
        return mapeadores.partner_completo(partner)

    def eliminar(self, partner_id: str) -> None:
        partner = self._leer(partner_id, para_cambiar=True)
        partner.eliminar(_ahora())
        self._guardar(partner)

    def verificar_kyc(self, partner_id: str, verificacion: VerificacionKYC) -> Objeto:
        estado = EstadoKYC.leer(verificacion.estado_kyc)
        partner = self._leer(partner_id, para_cambiar=True)
        partner.verificar_kyc(estado, verificacion.documentos, verificacion.comentarios, _ahora())
        self._guardar(partner)
        return mapeadores.verificacion(partner)

    def crear_integracion(self, partner_id: str, alta: AltaDeIntegracion) -> Objeto:
        partner = self._leer(partner_id, para_cambiar=True)
        nueva = partner.integrar(alta.tipo, alta.nombre, alta.descripcion, alta.configuracion, _ahora())
        self._guardar(partner)
        return mapeadores.integracion_nueva(nueva)

    def revocar_integracion(self, integracion_id: str, motivo: str | None) -> None:
        partner_id = self.repositorio.partner_de(integracion_id)
        if partner_id is None:
            raise IntegracionNoEncontrada
        partner = self._leer(partner_id, para_cambiar=True)
        partner.revocar_integracion(integracion_id, motivo, _ahora())
        self._guardar(partner)

    def partners(self, filtro: Filtro) -> Lista:
        return self.repositorio.partners(filtro)

    def integraciones(self, partner_id: str) -> Lista:
        self._exigir_que_exista(partner_id)
        return self.repositorio.integraciones(partner_id)

    def historial_kyc(self, partner_id: str) -> Lista:
        self._exigir_que_exista(partner_id)
        return self.repositorio.historial_kyc(partner_id)

    def _exigir_que_exista(self, partner_id: str) -> None:
        if not self.repositorio.existe(partner_id):
            raise PartnerNoEncontrado

    def _leer(self, partner_id: str, *, para_cambiar: bool = False) -> Partner:
        partner = self.repositorio.obtener(partner_id, para_cambiar=para_cambiar)
        if partner is None:
            raise PartnerNoEncontrado
        return partner

    def _guardar(self, partner: Partner) -> None:
        self.repositorio.guardar(partner)
        self._publicar(partner)

    def _publicar(self, partner: Partner) -> None:
        for secuencia, evento in partner.pendiente.eventos:
            self.publicar(evento, partner.id, secuencia)


def _ahora() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
