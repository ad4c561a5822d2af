"""Lo que comparten las rutas: la base de datos con sus textos de error, y la llave opcional de la API."""

from __future__ import annotations

import hmac
from typing import cast

from flask import current_app, request
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError, TimeoutError as SinConexiones

from chasis.errores import NoAutorizado
from chasis.web.transaccion import Vista
from tuotempo_leads.config import Ajustes


def fallo_de_base(causa: SQLAlchemyError) -> str:
    """El texto del 500: nunca lo que diga el controlador, que puede llevar datos."""
    if isinstance(causa, (OperationalError, InterfaceError, SinConexiones)):
        return "Error de conexión a la base de datos"
    return "Error de base de datos: no se ha podido completar la operación"


def repetible_en_transaccion(vista: Vista) -> Vista:
    """Dice a la documentación que la vista honra `Idempotency-Key`: lo hace la función con transacción a la que llama.

    Así lo que no vale se rechaza sin haber abierto una transacción.
    """
    vista.idempotente = True  # type: ignore[attr-defined]
    return vista


def ajustes() -> Ajustes:
    return cast("Ajustes", current_app.extensions["ajustes"])


def exigir_llave_de_api() -> None:
    """Con `API_KEY` puesta, `/api/*` la pide en `X-API-Key` o como `Authorization: Bearer`."""
    esperada = ajustes().clave_de_api.get_secret_value()
    if not esperada or not request.path.startswith("/api/"):
        return
    portador = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    recibida = request.headers.get("X-API-Key") or portador
    if not hmac.compare_digest(recibida.encode(), esperada.encode()):
        raise NoAutorizado("Se requiere una llave de API válida en la cabecera X-API-Key")
