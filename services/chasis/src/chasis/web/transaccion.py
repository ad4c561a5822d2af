"""Una transacción por petición, confirmada una vez y en el borde."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import current_app, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos
from chasis.errores import FalloInterno
from chasis.web.idempotencia import CABECERA, una_sola_vez

Vista = Callable[..., Any]
Texto = str | Callable[[SQLAlchemyError], str]
"""El texto de un 500, o la función que lo elige según lo que haya fallado."""


def en_transaccion(*, fallo: Texto, idempotente: bool = False) -> Callable[[Vista], Vista]:
    """Abre una transacción de escritura y la pasa a la vista como primer argumento.

    `fallo` es el texto del 500 si la base de datos falla. Con `idempotente`, honra `Idempotency-Key` y guarda la
    respuesta en la misma transacción que el efecto.
    """

    def decorar(vista: Vista) -> Vista:
        @wraps(vista)
        def envuelta(*args: Any, **kwargs: Any) -> Any:
            with si_falla_la_base(fallo):
                if idempotente and CABECERA in request.headers:
                    return una_sola_vez(lambda conexion: vista(conexion, *args, **kwargs))
                with _bd().escritura() as conexion:
                    return vista(conexion, *args, **kwargs)

        envuelta.idempotente = idempotente  # type: ignore[attr-defined]
        return envuelta

    return decorar


@contextmanager
def lectura(*, fallo: Texto = "Error interno del servidor") -> Iterator[Connection]:
    """Conexión de lectura dentro de una vista; si la base de datos falla, 500 con el texto dado."""
    with si_falla_la_base(fallo), _bd().lectura() as conexion:
        yield conexion


@contextmanager
def si_falla_la_base(texto: Texto) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as causa:
        raise FalloInterno(texto if isinstance(texto, str) else texto(causa)) from causa


def _bd() -> BaseDeDatos:
    bd: BaseDeDatos = current_app.extensions["bd"]
    return bd
