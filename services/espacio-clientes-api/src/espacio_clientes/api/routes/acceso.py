"""Entrar y salir."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Response
from pydantic import StringConstraints
from sqlalchemy.exc import IntegrityError

from chasis.errores import NoDisponible
from espacio_clientes.api.auth import ConToken, identificar
from espacio_clientes.api.models.acceso import Token
from espacio_clientes.api.models.comun import COMUNES, CON_TOKEN, Detalle
from espacio_clientes.api.piezas import ConPiezas
from espacio_clientes.aplicacion import acceso
from espacio_clientes.infraestructura import accesos

rutas = APIRouter(tags=["Acceso"])

EN_COLA = 200  # entradas que esperan turno; más allá, mejor decirlo que tenerlas esperando
_SIN_NUL = r"^[^\x00]*$"
Nombre = Annotated[str, StringConstraints(min_length=1, max_length=35, pattern=_SIN_NUL), Form()]
Clave = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_SIN_NUL), Form()]
_FALLOS: dict[int | str, dict[str, Any]] = {
    **COMUNES,
    401: {"description": "Usuario o contraseña incorrectos", "model": Detalle},
    413: {"description": "Cuerpo demasiado grande", "model": Detalle},
    400: {"description": "El formulario no se puede leer", "model": Detalle},
    429: {"description": "Cinco fallos en un cuarto de hora (con `Retry-After`)", "model": Detalle},
}


@rutas.post("/token", responses=_FALLOS)
async def entrar(piezas: ConPiezas, username: Nombre, password: Clave) -> Token:
    """Autentica un usuario y devuelve un token de acceso JWT."""
    turnos = piezas.turnos_de_entrada
    if turnos.statistics().tasks_waiting >= EN_COLA:
        raise NoDisponible("Demasiadas entradas a la vez; inténtelo de nuevo")
    # argon2 tarda a propósito: espera su turno aquí, sin ocupar ninguno de los hilos que atienden lo demás.
    await to_thread.run_sync(partial(acceso.entrar, piezas.bd, username, password), limiter=turnos)
    return Token(access_token=piezas.firmante.emitir(username), token_type="bearer")  # noqa: S106 — lo pide OAuth2


@rutas.post("/token/revocar", status_code=204, responses=CON_TOKEN, response_class=Response)
def revocar(piezas: ConPiezas, token: ConToken) -> Response:
    """Revoca el token con el que se llama: desde ahora no vale."""
    with suppress(IntegrityError), piezas.bd.escritura() as conexion:  # revocado a la vez, revocado está
        identificar(conexion, token)
        accesos.revocar(conexion, token.jti, token.caduca_en)
    return Response(status_code=204)
