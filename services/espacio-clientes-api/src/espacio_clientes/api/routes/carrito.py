"""Carrito de pagos."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.exc import IntegrityError

from chasis.errores import NoEncontrado
from espacio_clientes.api.auth import ConToken, Portador, exigir_usuario, identificar
from espacio_clientes.api.errores import en_json
from espacio_clientes.api.idempotencia import Clave, una_sola_vez
from espacio_clientes.api.models.carrito import CambioDeCarrito, CarritoAbierto, IdSession, Indicador
from espacio_clientes.api.models.comun import CON_TOKEN, REPETIBLE, CodMovimiento, Detalle, Usuario
from espacio_clientes.api.piezas import ConPiezas, Piezas
from espacio_clientes.aplicacion import carritos
from espacio_clientes.aplicacion.carritos import Carrito

rutas = APIRouter(tags=["Carrito"])

_FALLOS: dict[int | str, dict[str, Any]] = {
    **REPETIBLE,
    404: {"description": "La sesión o el movimiento no existen", "model": CambioDeCarrito},
    409: {"description": "Sesión caducada, o deuda ya pagada o en proceso", "model": CambioDeCarrito},
}
_TEXTOS = {"S": "Agregado correctamente al carrito", "N": "Quitado correctamente del carrito"}


@rutas.post("/carrito/agregar", response_model=CambioDeCarrito, responses=_FALLOS)
def agregar(
    peticion: Request,
    piezas: ConPiezas,
    token: ConToken,
    idsession: IdSession,
    indicador: Indicador,
    codmovimiento: CodMovimiento,
    usuario: Usuario,
    clave: Clave = None,
) -> Response:
    """Agrega una deuda al carrito (o la quita). Agregarla dos veces deja una línea."""

    def hacer() -> Response:
        carrito = _cambiar(
            piezas,
            token,
            usuario,
            _numero(idsession),
            codmovimiento=codmovimiento,
            indicador=indicador,
        )
        cuerpo = {"comision": float(carrito.comision), "codresp": "0", "descreps": _TEXTOS[indicador]}
        return en_json(cuerpo, 200)

    return una_sola_vez(peticion, piezas, token, clave, hacer)


@rutas.get(
    "/carrito/{idsession}",
    responses={
        **CON_TOKEN,
        404: {"description": "La sesión no existe", "model": Detalle},
        409: {"description": "La sesión ha caducado", "model": Detalle},
    },
)
def ver(
    piezas: ConPiezas, token: ConToken, idsession: Annotated[int, Path(ge=1, le=999_999_999)]
) -> CarritoAbierto:
    """Líneas del carrito, subtotal, comisión y total."""
    with piezas.bd.lectura() as conexion:
        carrito = carritos.abierto(conexion, identificar(conexion, token), idsession)
    return CarritoAbierto.de(carrito)


def _cambiar(
    piezas: Piezas,
    token: Portador,
    usuario: str,
    idsession: int,
    *,
    codmovimiento: str,
    indicador: Literal["S", "N"],
) -> Carrito:
    def intentar() -> Carrito:
        with piezas.bd.escritura() as conexion:
            quien = identificar(conexion, token)
            exigir_usuario(quien, usuario)
            return carritos.cambiar(
                conexion,
                piezas.deudas,
                quien,
                idsession,
                codmovimiento=codmovimiento,
                indicador=indicador,
                porcentaje=piezas.ajustes.comision,
            )

    try:
        return intentar()
    except IntegrityError:  # otra petición agregó la misma línea a la vez: ahora ya está
        return intentar()


def _numero(idsession: str) -> int:
    """El README la da como entero y la pide como texto; lo que no es un número no es ninguna sesión."""
    if not (idsession.isascii() and idsession.isdecimal()):
        raise NoEncontrado("La sesión no existe", campo="idsession")
    return int(idsession)
