"""Parámetros que se repiten y cuerpos de error."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, StringConstraints

SIN_CONTROLES = r"^[^\x00-\x1f\x7f]*$"

Documento = Annotated[
    str,
    StringConstraints(min_length=6, max_length=15, pattern=SIN_CONTROLES),
    Query(description="Documento del cliente", examples=["30111222"]),
]
Usuario = Annotated[
    str,
    StringConstraints(min_length=1, max_length=35, pattern=SIN_CONTROLES),
    Query(description="El usuario que hace la operación: el del token", examples=["cliente"]),
]
CodMovimiento = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20, pattern=SIN_CONTROLES),
    Query(description="`CODMOVIMIENTO` de la deuda", examples=["123"]),
]
PATRON_COD_TRANSACCION = r"^[A-Za-z0-9][A-Za-z0-9._:-]{1,19}$"
CodTransaccion = Annotated[
    str,
    StringConstraints(min_length=2, max_length=20, pattern=PATRON_COD_TRANSACCION),
    Query(
        description="Código que identifica el pago para siempre; lo elige quien llama", examples=["PAGO-0001"]
    ),
]


class Detalle(BaseModel):
    detail: str


class FalloDeCampo(BaseModel):
    loc: list[str | int]
    msg: str
    type: str


class DetalleDeCampos(BaseModel):
    detail: list[FalloDeCampo] | str


def _fila(descripcion: str, modelo: type[BaseModel] = Detalle) -> dict[str, Any]:
    return {"description": descripcion, "model": modelo}


COMUNES: dict[int | str, dict[str, Any]] = {
    422: _fila("Un parámetro falta o no vale; `loc` dice cuál", DetalleDeCampos),
    503: _fila("Base de datos no disponible (con `Retry-After`)"),
}
CON_TOKEN: dict[int | str, dict[str, Any]] = {
    **COMUNES,
    401: _fila("Falta el token, no vale, caducó o se revocó"),
    403: _fila("Lo pedido es de otro cliente"),
}
REPETIBLE: dict[int | str, dict[str, Any]] = {
    **CON_TOKEN,
    400: _fila("`Idempotency-Key` no es válida"),
}
