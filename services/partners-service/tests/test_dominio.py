"""Las reglas del agregado, sin base de datos."""

from datetime import datetime

import pytest

from partners.modulos.partners.dominio.entidades import EstadoKYC, Partner, TipoIntegracion
from partners.modulos.partners.dominio.excepciones import (
    EmailInvalido,
    IntegracionYaRevocada,
    PartnerEliminado,
)
from partners.modulos.partners.infraestructura.repositorios import CambioSimultaneo, RepositorioSQL

AHORA, LUEGO = datetime(2026, 1, 1), datetime(2026, 1, 2)


@pytest.fixture
def partner() -> Partner:
    return Partner.nuevo("Empresa ABC", "contacto@empresaabc.com", None, None, AHORA)


def test_cada_cambio_sube_la_version_y_la_lleva_su_evento(partner):
    partner.integrar(TipoIntegracion.API, "x", None, None, AHORA)
    partner.verificar_kyc(EstadoKYC.APROBADO, None, None, LUEGO)
    assert [version for version, _ in partner.pendiente.eventos] == [1, 2, 3]
    assert (partner.version, partner.fecha_actualizacion) == (3, LUEGO)


def test_documentos_nuevos_con_el_mismo_estado_quedan_en_la_historia_sin_evento(partner):
    partner.verificar_kyc(EstadoKYC.PENDIENTE, {"rut": "rut.pdf"}, None, LUEGO)
    assert len(partner.pendiente.kyc) == 1
    assert (partner.version, len(partner.pendiente.eventos)) == (2, 1)


def test_un_email_que_no_lo_es_no_llega_a_ser_partner():
    with pytest.raises(EmailInvalido):
        Partner.nuevo("A", "sin arroba", None, None, AHORA)


def test_un_partner_eliminado_no_cambia_mas(partner):
    una = partner.integrar(TipoIntegracion.BATCH, "x", None, None, AHORA)
    partner.eliminar(LUEGO)
    assert (una.activa, una.fecha_revocacion, una.motivo_revocacion) == (False, LUEGO, "Partner eliminado")
    with pytest.raises(PartnerEliminado):
        partner.actualizar({"nombre": "B"}, LUEGO)
    with pytest.raises(IntegracionYaRevocada):
        partner.revocar_integracion(una.id, None, LUEGO)


def test_quien_guarda_sobre_una_version_vieja_no_pisa_a_nadie(app, abc):
    bd = app.extensions["bd"]
    with bd.lectura() as conexion:
        primero, segundo = (RepositorioSQL(conexion).obtener(abc) for _ in range(2))
    primero.actualizar({"nombre": "Primero"}, LUEGO)
    segundo.actualizar({"nombre": "Segundo"}, LUEGO)
    with bd.escritura() as conexion:
        RepositorioSQL(conexion).guardar(primero)
    with pytest.raises(CambioSimultaneo), bd.escritura() as conexion:
        RepositorioSQL(conexion).guardar(segundo)
    with bd.lectura() as conexion:
        assert RepositorioSQL(conexion).obtener(abc).nombre == "Primero"


def test_una_integracion_no_ensena_su_configuracion_al_escribirla(partner):
    una = partner.integrar(TipoIntegracion.API, "x", None, b"cifrada", AHORA)
    assert "cifrada" not in repr(una)
