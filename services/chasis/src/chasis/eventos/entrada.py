"""`POST /eventos`: por aquí entrega otro servicio sus eventos cuando no hay broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apiflask import APIFlask
from flask import Response, request
from pydantic import TypeAdapter, ValidationError

from chasis.errores import ErrorDeProtocolo, PeticionInvalida
from chasis.eventos.sobre import Evento
from chasis.web.respuestas import respuesta
from chasis.web.salud import solo_desde_dentro

if TYPE_CHECKING:
    from chasis.eventos.servicio import Eventos

LIMITE = 8 * 1024 * 1024  # bytes: un documento de 1 MiB con su sobre, y una tanda entera
_UNO, _VARIOS = "application/cloudevents+json", "application/cloudevents-batch+json"
_LECTORES: dict[str, TypeAdapter[Any]] = {_UNO: TypeAdapter(Evento), _VARIOS: TypeAdapter(list[Evento])}


def instalar(app: APIFlask, eventos: Eventos) -> None:
    """Añade la ruta (fuera de la documentación pública) y las métricas de eventos."""

    @app.post("/eventos")
    @app.doc(hide=True)
    def recibir_eventos() -> Response:
        solo_desde_dentro()
        request.max_content_length = LIMITE
        cuerpo = request.get_data()
        eventos.firma.comprobar({nombre.lower(): valor for nombre, valor in request.headers}, cuerpo)
        recibidos = _leer(cuerpo)
        for evento in recibidos:
            eventos.recepcion.recibir(evento)
        return respuesta({"recibidos": len(recibidos)})

    app.extensions |= {"eventos": eventos, "colectores": (eventos,)}


def _leer(cuerpo: bytes) -> list[Evento]:
    if request.mimetype not in _LECTORES:
        raise ErrorDeProtocolo(415)
    try:
        leido = _LECTORES[request.mimetype].validate_json(cuerpo)
    except ValidationError as fallo:
        raise PeticionInvalida(f"No es un CloudEvent válido: {fallo.errors()[0]['loc']}") from None
    return leido if isinstance(leido, list) else [leido]
