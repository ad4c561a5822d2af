"""De excepción a respuesta. El dialecto es `{"detail": …}` de FastAPI, salvo en las rutas que contestan `codresp`.

Ahí, lo que decide el negocio (402, 404 y 409) sale con las mismas claves que cuando todo va bien.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from starlette.exceptions import HTTPException

from chasis.errores import ErrorDeProtocolo, ErrorDeServicio, FalloInterno, NoDisponible
from espacio_clientes.aplicacion.acceso import Prohibido
from espacio_clientes.aplicacion.reloj import autoria
from espacio_clientes.infraestructura import accesos

_DE_NEGOCIO = (402, 404, 409)
_CON_CODRESP: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "/consulta/deuda-cliente/": lambda codigo, texto: {
        "deudas": [], "desc_clie": "", "cant_deta": 0, "codresp": codigo, "descresp": texto, "idsession": 0,
    },
    "/carrito/agregar": lambda codigo, texto: {"comision": 0.0, "codresp": codigo, "descreps": texto},
    "/pago": lambda codigo, texto: {"cod_resp": codigo, "mod_fact": "", "desc_resp": texto},
    "/anulacion": lambda codigo, texto: {"cod_resp": codigo, "desc_resp": texto},
}  # fmt: skip
_FRASES = {
    "missing": "es obligatorio",
    "string_too_short": "admite como mínimo {min_length} caracteres",
    "string_too_long": "admite como máximo {max_length} caracteres",
    "string_pattern_mismatch": "tiene caracteres que no se admiten",
    "literal_error": "debe ser {expected}",
    "int_parsing": "debe ser un número entero",
    "int_parsing_size": "debe ser un número entero más corto",
    "greater_than_equal": "debe ser mayor o igual que {ge}",
    "less_than_equal": "debe ser menor o igual que {le}",
}


def instalar(app: FastAPI) -> None:
    app.add_exception_handler(ErrorDeServicio, _de_servicio)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _de_validacion)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _de_http)  # type: ignore[arg-type]
    app.add_exception_handler(SQLAlchemyError, _de_la_base)  # type: ignore[arg-type]


def respuesta(peticion: Request, error: ErrorDeServicio) -> Response:
    """El error escrito como toca en la ruta de la petición."""
    ruta = getattr(peticion.scope.get("route"), "path", "")
    if error.estado in _DE_NEGOCIO and ruta in _CON_CODRESP:
        cuerpo = _CON_CODRESP[ruta](str(error.estado), error.texto)
    else:
        cuerpo = {"detail": error.texto}
    return en_json(cuerpo, error.estado, error.cabeceras)


def en_json(cuerpo: Any, estado: int, cabeceras: Any = None) -> Response:
    return Response(orjson.dumps(cuerpo), estado, cabeceras, media_type="application/json")


def _de_servicio(peticion: Request, error: ErrorDeServicio) -> Response:
    # No es una corrutina a propósito: así corre en un hilo y puede escribir en la base.
    if error.estado >= 500:
        structlog.get_logger().error("fallo", texto=error.texto, exc_info=error)
    if isinstance(error, Prohibido):
        _auditar(peticion, error)
    return respuesta(peticion, error)


def _auditar(peticion: Request, error: Prohibido) -> None:
    with peticion.app.state.piezas.bd.escritura() as conexion:
        accesos.auditar(conexion, autoria(error.actor), error.accion, error.detalle)


async def _de_validacion(_: Request, error: RequestValidationError) -> Response:
    # Sin `input`: devolvería, y con ello dejaría en registros ajenos, lo que se escribió en el campo.
    detalles = [
        {"loc": list(fallo["loc"]), "msg": _frase(fallo), "type": fallo["type"]} for fallo in error.errors()
    ]
    return en_json({"detail": detalles}, 422)


def _frase(fallo: dict[str, Any]) -> str:
    texto = _FRASES.get(fallo["type"], "tiene un valor no admitido").format(**fallo.get("ctx", {}))
    return f"El campo '{fallo['loc'][-1]}' {texto}".replace("' or '", "' o '")


async def _de_http(peticion: Request, error: HTTPException) -> Response:
    return respuesta(peticion, ErrorDeProtocolo(error.status_code, cabeceras=error.headers))


async def _de_la_base(peticion: Request, error: SQLAlchemyError) -> Response:
    if isinstance(error, (IntegrityError, DataError, ProgrammingError)):
        structlog.get_logger().error("fallo_de_base_de_datos", exc_info=error)
        return respuesta(peticion, FalloInterno("Error interno del servidor"))
    structlog.get_logger().error("base_de_datos_no_disponible", error=type(error).__name__)
    return respuesta(peticion, NoDisponible("Base de datos no disponible"))
