"""Lo que comparten las rutas: la base de datos con sus textos de error, y la llave opcional de la API."""

from __future__ import annotations

import hmac
from typing import Any, cast

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos, no_contesta
from chasis.errores import (
    CUERPO_NO_ES_OBJETO,
    ErrorDeProtocolo,
    ErrorDeServicio,
    NoAutorizado,
    PeticionInvalida,
)
from chasis.web import respuesta
from chasis.web.idempotencia import Vista
from tuotempo_leads.aplicacion.centros import Catalogo
from tuotempo_leads.aplicacion.citas import Citas
from tuotempo_leads.config import Ajustes
from tuotempo_leads.entradas.esquemas_de_tuotempo import EnIdioma
from tuotempo_leads.infraestructura.proveedor import Proveedor
from tuotempo_leads.infraestructura.tuotempo import TuoTempoAPI


def dialecto(error: ErrorDeServicio) -> dict[str, Any]:
    """El mismo texto en las dos claves: unos clientes leen `error` y otros `message`.

    Si el error es de TuoTempo, van también las claves con que él lo contó.
    """
    recibido = getattr(error, "cuerpo", {})
    return {**recibido, "success": False, "error": error.texto, "message": error.texto}


def tipo_de_cuerpo_ajeno(error: ErrorDeProtocolo) -> Response:
    """Un cuerpo que no se declara como JSON es aquí un 400, y no el 415 de la casa."""
    if error.estado == 415:
        ajeno = PeticionInvalida(CUERPO_NO_ES_OBJETO)
        return respuesta(dialecto(ajeno), ajeno.estado)
    return respuesta(dialecto(error), error.estado, error.cabeceras)


def fallo_de_base(causa: SQLAlchemyError) -> str:
    """El texto del 500: nunca lo que diga el controlador, que puede llevar datos."""
    if no_contesta(causa):
        return "Error de conexión a la base de datos"
    return "Error de base de datos: no se ha podido completar la operación"


def repetible_en_transaccion(vista: Vista) -> Vista:
    """Marca para la documentación que la vista honra `Idempotency-Key`.

    Lo hace la función con transacción a la que llama: lo que no vale se rechaza sin haber abierto ninguna.
    """
    vista.idempotente = True  # type: ignore[attr-defined]
    return vista


def ajustes() -> Ajustes:
    return cast("Ajustes", current_app.extensions["ajustes"])


def bd() -> BaseDeDatos:
    return cast("BaseDeDatos", current_app.extensions["bd"])


def catalogo() -> Catalogo:
    return cast("Catalogo", current_app.extensions["catalogo"])


def citas() -> Citas:
    return cast("Citas", current_app.extensions["citas"])


def proveedor() -> Proveedor:
    return cast("Proveedor", current_app.extensions["proveedor"])


def entorno_de(consulta: EnIdioma) -> str:
    """`PRE` o `PRO`: el que se pide o, si no se dice, el del servicio."""
    return consulta.environment or ajustes().tuotempo_entorno


def cliente_de(consulta: EnIdioma) -> TuoTempoAPI:
    """El cliente de TuoTempo del idioma y el entorno que se piden."""
    return proveedor().cliente(consulta.lang, entorno_de(consulta))


def llave_del_portador() -> str:
    """Lo que va tras `Bearer` en la cabecera `Authorization`, o nada."""
    tipo, _, llave = request.headers.get("Authorization", "").partition(" ")
    return llave.strip() if tipo.lower() == "bearer" else ""


def exigir_llave_de_api() -> None:
    """Con `API_KEY` puesta, `/api/*` la pide en `X-API-Key` o como `Authorization: Bearer`."""
    esperada = ajustes().clave_de_api.get_secret_value()
    if not esperada or not request.path.startswith("/api/"):
        return
    recibida = request.headers.get("X-API-Key") or llave_del_portador()
    if not hmac.compare_digest(recibida.encode(), esperada.encode()):
        raise NoAutorizado("Se requiere una llave de API válida en la cabecera X-API-Key")
