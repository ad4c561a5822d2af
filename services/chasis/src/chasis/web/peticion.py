"""Entrada y salida de cada petición: identidad, lectura segura del cuerpo, línea de registro y métricas."""

from __future__ import annotations

import time
from typing import Any

import structlog
from apiflask import APIFlask
from flask import Request, Response, request

from chasis import contexto, json_estricto, metricas
from chasis.errores import CUERPO_NO_ES_OBJETO, ErrorDeProtocolo, PeticionInvalida

registro = structlog.get_logger()
_SIN_RUTA = "(ninguna)"


class Peticion(Request):
    """Petición cuyo cuerpo se lee con límite también cuando llega por trozos, y cuyo JSON es estricto."""

    inicio: float = 0.0
    identificador: str = ""

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        if self.content_length is None and not hasattr(self, "_cached_data"):
            # werkzeug corta en silencio un cuerpo por trozos al llegar al límite: aquí se lee uno más y se rechaza.
            limite = self.max_content_length or 0
            self._cached_data = self.environ["wsgi.input"].read(limite + 1) if self._llega_por_trozos else b""
            if len(self._cached_data) > limite:
                raise ErrorDeProtocolo(413)
        return super().get_data(cache, as_text, parse_form_data)  # type: ignore[call-overload]

    def get_json(self, *_: Any, **__: Any) -> Any:
        """El cuerpo como valor JSON; 415 si no se declara como tal, 400 si no lo es."""
        if not hasattr(self, "_json"):
            if not self.is_json:
                raise ErrorDeProtocolo(415)
            valor = json_estricto.leer(self.get_data())
            if valor is None:  # APIFlask tomaría `null` por un objeto vacío
                raise PeticionInvalida(CUERPO_NO_ES_OBJETO)
            self._json = valor
        return self._json

    @property
    def _llega_por_trozos(self) -> bool:
        return bool(self.environ.get("wsgi.input_terminated"))


def instalar(app: APIFlask) -> None:
    app.before_request(_empezar)
    app.after_request(_terminar)


def _empezar() -> None:
    peticion = _actual()
    peticion.inicio = time.perf_counter()
    peticion.identificador = contexto.iniciar(
        peticion.headers.get(contexto.CABECERA_PETICION), peticion.headers.get(contexto.CABECERA_TRAZA)
    )


def _terminar(respuesta: Response) -> Response:
    peticion = _actual()
    respuesta.headers[contexto.CABECERA_PETICION] = peticion.identificador
    respuesta.headers[contexto.CABECERA_TRAZA] = contexto.traza.get()
    segundos = time.perf_counter() - peticion.inicio
    # Se anota la regla y no la dirección: los nombres de las personas viajan en la ruta y en la consulta.
    ruta = peticion.url_rule.rule if peticion.url_rule else _SIN_RUTA
    # Un método inventado por el cliente no debe crear una serie de métricas nueva.
    metodo = peticion.method if peticion.method in _METODOS else "OTRO"
    metricas.anotar(metodo, ruta, respuesta.status_code, segundos)
    if not ruta.startswith(("/health", "/metrics")):
        registro.info(
            "peticion", metodo=metodo, ruta=ruta, estado=respuesta.status_code, ms=round(segundos * 1000, 2)
        )
    return respuesta


def _actual() -> Peticion:
    """La petición sin el intermediario de Flask, que se paga en cada acceso a un atributo."""
    peticion: Peticion = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return peticion


_METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
