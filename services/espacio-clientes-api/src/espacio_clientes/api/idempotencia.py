"""`Idempotency-Key` en las rutas que mueven dinero: se recuerda treinta días.

El efecto de un pago son dos transacciones, así que la respuesta se guarda después; si el proceso muere antes, la
reserva vence y quien la reanuda reconoce su propio efecto por `cod_transaccion` (o por la línea que ya está).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request, Response

from chasis.errores import ErrorDeServicio
from chasis.idempotencia import Registro, Respuesta
from espacio_clientes.api import errores
from espacio_clientes.api.auth import Portador, identificar
from espacio_clientes.api.piezas import Piezas

VIGENCIA = 30 * 24 * 3600.0  # segundos
CABECERA = "Idempotency-Key"
Clave = Annotated[
    str | None,
    Header(
        alias=CABECERA,
        min_length=1,
        max_length=255,
        description="Repetir la petición con la misma clave devuelve la primera respuesta, sin repetir el efecto",
    ),
]


def una_sola_vez(
    peticion: Request, piezas: Piezas, token: Portador, clave: str | None, hacer: Callable[[], Response]
) -> Response:
    """Ejecuta `hacer` si la clave es nueva para ese usuario; si no, repite la respuesta que ya tuvo."""
    if clave is None:
        return hacer()
    with piezas.bd.lectura() as conexion:
        identificar(conexion, token)  # un token revocado tampoco puede repetir respuestas
    ruta = peticion.scope["route"].path
    registro, ambito = Registro(piezas.bd, vigencia=VIGENCIA), f"{ruta} {token.usuario}"
    contenido = str(sorted(peticion.query_params.multi_items())).encode()
    if previa := registro.reservar(clave, ambito, contenido).respuesta:
        return Response(previa.cuerpo, previa.estado, {**previa.cabeceras, "Idempotent-Replayed": "true"})
    try:
        try:
            respuesta = hacer()
        except ErrorDeServicio as error:
            if error.estado in (401, 403) or error.estado >= 500:
                raise
            respuesta = errores.respuesta(peticion, error)
        if respuesta.status_code == 202:  # todavía no es la respuesta: al preguntar otra vez puede haber otra
            registro.liberar(clave, ambito)
            return respuesta
    except BaseException:
        registro.liberar(clave, ambito)
        raise
    with piezas.bd.escritura() as conexion:
        registro.anotar(conexion, clave, ambito, _para_guardar(respuesta))
    return respuesta


def _para_guardar(respuesta: Response) -> Respuesta:
    guardadas = ("Content-Type", "Location")
    cabeceras = {nombre: respuesta.headers[nombre] for nombre in guardadas if nombre in respuesta.headers}
    return Respuesta(respuesta.status_code, bytes(respuesta.body), cabeceras)
