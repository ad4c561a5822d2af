"""Una transacción por petición, confirmada una vez y en el borde."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import current_app, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import no_contesta
from chasis.errores import FalloInterno
from chasis.web.idempotencia import CABECERA, Vista, una_sola_vez

PLAZO = 10.0  # segundos; si un intento tarda más se puede repetir: solo uno de los dos se confirma
Texto = str | Callable[[SQLAlchemyError], str]
"""El texto de un 500, o la función que lo elige según lo que haya fallado."""


def en_transaccion(*, fallo: Texto | None = None, idempotente: bool = False) -> Callable[[Vista], Vista]:
    """Abre una transacción de escritura y la pasa a la vista como primer argumento.

    `fallo` es el texto del 500 que el README da a esa ruta si la base falla; sin él, 503 si no contesta. Con
    `idempotente`, honra `Idempotency-Key` y guarda la respuesta en la misma transacción que el efecto.
    """

    def decorar(vista: Vista) -> Vista:
        @wraps(vista)
        def envuelta(*args: Any, **kwargs: Any) -> Any:
            with si_falla_la_base(fallo):
                if idempotente and CABECERA in request.headers:
                    return una_sola_vez(lambda conexion: vista(conexion, *args, **kwargs), PLAZO)
                with current_app.extensions["bd"].escritura() as conexion:
                    return vista(conexion, *args, **kwargs)

        envuelta.idempotente = idempotente  # type: ignore[attr-defined]
        return envuelta

    return decorar


@contextmanager
def lectura(*, fallo: Texto | None = None) -> Iterator[Connection]:
    """Conexión de lectura dentro de una vista; `fallo`, como en `en_transaccion`."""
    with si_falla_la_base(fallo), current_app.extensions["bd"].lectura() as conexion:
        yield conexion


@contextmanager
def si_falla_la_base(texto: Texto | None) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as causa:
        if texto is None:
            raise  # lo contesta `chasis.web.fallos`
        cabeceras = {"Retry-After": "1"} if no_contesta(causa) else {}
        raise FalloInterno(texto if isinstance(texto, str) else texto(causa), cabeceras=cabeceras) from causa
