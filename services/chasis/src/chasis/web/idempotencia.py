"""`Idempotency-Key` en las vistas de Flask, con el efecto dentro o fuera de la base de datos."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, current_app, g, request
from sqlalchemy import Connection

from chasis.errores import ErrorDeServicio
from chasis.idempotencia import Registro, Respuesta

CABECERA = "Idempotency-Key"
Vista = Callable[..., Any]
_SE_REPITEN = ("Content-Type", "Location", "ETag")


def repetible(plazo: float) -> Callable[[Vista], Vista]:
    """Honra `Idempotency-Key` en una vista cuyo efecto no está en la base de datos y tarda menos de `plazo` segundos.

    Si un intento anterior murió a medias, `g.reanudada` es su huella y la vista debe reconocer su propio efecto.
    Lo que deje en `g.al_anotar` recibe la conexión de la transacción que guarda la respuesta.
    """

    def decorar(vista: Vista) -> Vista:
        @wraps(vista)
        def envuelta(*args: Any, **kwargs: Any) -> Any:
            g.reanudada = ""
            if CABECERA not in request.headers:
                return vista(*args, **kwargs)
            return una_sola_vez(lambda _: vista(*args, **kwargs), plazo, en_transaccion=False)

        envuelta.idempotente = True  # type: ignore[attr-defined]
        return envuelta

    return decorar


def una_sola_vez(
    efecto: Callable[[Connection | None], Any], plazo: float, *, en_transaccion: bool = True
) -> Response:
    """Ejecuta `efecto` si la clave de la petición es nueva; si no, repite la respuesta que ya tuvo."""
    bd, clave = current_app.extensions["bd"], request.headers[CABECERA]
    registro, ambito = Registro(bd, reserva=plazo), f"{request.method} {request.url_rule}"
    reserva = registro.reservar(clave, ambito, contenido())
    if previa := reserva.respuesta:
        return Response(previa.cuerpo, previa.estado, {**previa.cabeceras, "Idempotent-Replayed": "true"})
    g.reanudada = reserva.reanudada
    try:
        if en_transaccion:
            with bd.escritura() as conexion:
                respuesta = current_app.make_response(efecto(conexion))
                registro.anotar(conexion, clave, ambito, _para_guardar(respuesta))
                return respuesta
        respuesta = current_app.make_response(efecto(None))
    except ErrorDeServicio as error:
        if error.estado == 412 or error.estado >= 500:  # no pasó nada y puede reintentarse
            registro.liberar(clave, ambito)
            raise
        respuesta = current_app.make_response(current_app.handle_user_exception(error))
    except BaseException:
        registro.liberar(clave, ambito)
        raise
    with bd.escritura() as conexion:
        registro.anotar(conexion, clave, ambito, _para_guardar(respuesta))
        g.pop("al_anotar", lambda _: None)(conexion)
    return respuesta


def contenido() -> bytes:
    """La petición en curso, en forma canónica; su SHA-256 es la huella con que se la reconoce."""
    # Quien recibe un fichero lo guarda en disco y deja en `g.huella` con qué compararlo.
    cuerpo = g.get("huella") or orjson.dumps(request.get_json(), option=orjson.OPT_SORT_KEYS)
    return request.full_path.encode() + b"\n" + cuerpo


def _para_guardar(respuesta: Response) -> Respuesta:
    cabeceras = {nombre: respuesta.headers[nombre] for nombre in _SE_REPITEN if nombre in respuesta.headers}
    return Respuesta(respuesta.status_code, respuesta.get_data(), cabeceras)
