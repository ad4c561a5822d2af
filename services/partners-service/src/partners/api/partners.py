"""Rutas de partners-service: leen la petición, llaman a un caso de uso y responden como dice el README."""

from __future__ import annotations

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, current_app, url_for

from chasis.enlaces import enlaces
from chasis.paginacion import Pagina
from chasis.web import cuerpo_opcional, en_transaccion, lectura, respuesta
from partners.api import respuestas as r
from partners.api.esquemas import (
    KYC,
    IntegracionNueva,
    ListaDePartners,
    PartnerCambiado,
    PartnerNuevo,
    Revocacion,
)
from partners.api.listas import responder_lista
from partners.modulos.partners.aplicacion.dto import AltaDeIntegracion
from partners.modulos.partners.infraestructura.cifrado import Cifrador
from partners.modulos.partners.infraestructura.fabrica import servicio

rutas = APIBlueprint("partners", __name__, url_prefix="/api/v1/partners", tag="Partners")

_DE_UNA_LISTA = {400: "Un parámetro no vale", 404: "Partner no existe"}
_DE_UNO = {404: "Partner no existe", 410: "Partner está eliminado"}
_EL_CREADO = enlaces(
    "get_partners_obtener",
    "put_partners_actualizar",
    "delete_partners_eliminar",
    "put_partners_verificar_kyc",
    "get_partners_historial_kyc",
    "post_partners_crear_integracion",
    "get_partners_integraciones",
    partner_id="$response.body#/partner/id",
)
_LA_CREADA = enlaces("put_partners_revocar_integracion", integracion_id="$response.body#/integracion/id")


@rutas.post("")
@rutas.input(PartnerNuevo, arg_name="datos")
@rutas.output(r.PartnerCreado, status_code=201, description="Creado; `Location` lleva a él", links=_EL_CREADO)
@rutas.doc(responses={400: "Falta un dato o no vale", 409: "Email ya registrado"})
@en_transaccion(idempotente=True)
def crear(conexion: sa.Connection, datos: PartnerNuevo) -> Response:
    """Crear nuevo partner."""
    partner = servicio(conexion).crear(datos.alta())
    destino = url_for("partners.obtener", partner_id=partner["id"])
    return respuesta(
        {"mensaje": "Partner creado exitosamente", "partner": partner}, 201, {"Location": destino}
    )


@rutas.get("")
@rutas.input(ListaDePartners, location="query", arg_name="lista")
@rutas.output(r.Partners, description="Partners por orden de alta; `total` cuenta todos los que coinciden")
@rutas.doc(responses={400: "Un parámetro no vale"})
def listar(lista: ListaDePartners) -> Response:
    """Listar los partners."""
    return responder_lista("partners", lista, lambda casos: casos.partners(lista.filtro), total="total")


@rutas.get("/<partner_id>")
@rutas.output(r.UnPartner)
@rutas.doc(responses={404: "Partner no existe"})
def obtener(partner_id: str) -> Response:
    """Obtener partner por id, también si está eliminado."""
    with lectura() as conexion:
        return respuesta({"partner": servicio(conexion).obtener(partner_id)})


@rutas.put("/<partner_id>")
@rutas.input(PartnerCambiado, arg_name="datos")
@rutas.output(r.PartnerActualizado, description="Lo que no se dice, o se dice nulo, se queda como está")
@rutas.doc(responses=_DE_UNO)
@en_transaccion()
def actualizar(conexion: sa.Connection, partner_id: str, datos: PartnerCambiado) -> Response:
    """Actualizar partner."""
    partner = servicio(conexion).actualizar(partner_id, datos.cambios())
    return respuesta({"mensaje": "Partner actualizado exitosamente", "partner": partner})


@rutas.delete("/<partner_id>")
@rutas.output(r.PartnerEliminado, status_code=200, description="Eliminado, con sus integraciones revocadas")
@rutas.doc(responses=_DE_UNO)
@en_transaccion()
def eliminar(conexion: sa.Connection, partner_id: str) -> Response:
    """Eliminar partner; su ficha se conserva."""
    servicio(conexion).eliminar(partner_id)
    return respuesta({"mensaje": "Partner eliminado exitosamente", "partner_id": partner_id})


@rutas.put("/<partner_id>/kyc")
@rutas.input(KYC, arg_name="datos")
@rutas.output(r.PartnerVerificado)
@rutas.doc(responses=_DE_UNO)
@en_transaccion()
def verificar_kyc(conexion: sa.Connection, partner_id: str, datos: KYC) -> Response:
    """Verificar KYC del partner."""
    partner = servicio(conexion).verificar_kyc(partner_id, datos.verificacion())
    return respuesta({"mensaje": "KYC verificado exitosamente", "partner": partner})


@rutas.get("/<partner_id>/kyc/historial")
@rutas.input(Pagina, location="query", arg_name="pagina")
@rutas.output(r.Historial, description="Cada cambio, del primero al último")
@rutas.doc(responses=_DE_UNA_LISTA)
def historial_kyc(partner_id: str, pagina: Pagina) -> Response:
    """Historial de la verificación KYC."""
    return responder_lista("historial", pagina, lambda casos: casos.historial_kyc(partner_id))


@rutas.post("/<partner_id>/integraciones")
@rutas.input(IntegracionNueva, arg_name="datos")
@rutas.output(r.IntegracionCreada, status_code=201, description="Creada", links=_LA_CREADA)
@rutas.doc(responses=_DE_UNO)
@en_transaccion(idempotente=True)
def crear_integracion(conexion: sa.Connection, partner_id: str, datos: IntegracionNueva) -> Response:
    """Crear integración."""
    cifrador: Cifrador = current_app.extensions["cifrador"]
    cifrada = cifrador.cifrar(datos.configuracion)
    alta = AltaDeIntegracion(datos.tipo, datos.nombre, datos.descripcion, cifrada)
    nueva = servicio(conexion).crear_integracion(partner_id, alta)
    return respuesta({"mensaje": "Integración creada exitosamente", "integracion": nueva}, 201)


@rutas.get("/<partner_id>/integraciones")
@rutas.input(Pagina, location="query", arg_name="pagina")
@rutas.output(r.Integraciones, description="También las revocadas, por orden de alta")
@rutas.doc(responses=_DE_UNA_LISTA)
def integraciones(partner_id: str, pagina: Pagina) -> Response:
    """Listar las integraciones de un partner."""
    return responder_lista("integraciones", pagina, lambda casos: casos.integraciones(partner_id))


@cuerpo_opcional
@rutas.put("/integraciones/<integracion_id>/revocar")
@rutas.input(Revocacion, arg_name="datos")
@rutas.output(r.IntegracionRevocada)
@rutas.doc(responses={404: "Integración no existe", 410: "Integración ya revocada"})
@en_transaccion()
def revocar_integracion(conexion: sa.Connection, integracion_id: str, datos: Revocacion) -> Response:
    """Revocar integración; el cuerpo es opcional."""
    servicio(conexion).revocar_integracion(integracion_id, datos.motivo)
    return respuesta(
        {
            "mensaje": "Integración revocada exitosamente",
            "integracion_id": integracion_id,
            "motivo": datos.motivo,
        }
    )
