"""La petición de Flask con una lectura segura del cuerpo."""

from __future__ import annotations

from typing import Any

from flask import Request, current_app

from chasis import json_estricto
from chasis.errores import CUERPO_NO_ES_OBJETO, ErrorDeProtocolo, PeticionInvalida


class Peticion(Request):
    """El cuerpo se lee con límite también cuando llega por trozos, y el JSON es estricto."""

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        if self.content_length is None and not hasattr(self, "_cached_data"):
            # werkzeug corta en silencio un cuerpo por trozos al llegar al límite: aquí se lee uno más y se rechaza.
            limite = self.max_content_length or 0
            por_trozos = self.environ.get("wsgi.input_terminated")
            self._cached_data = self.environ["wsgi.input"].read(limite + 1) if por_trozos else b""
            if len(self._cached_data) > limite:
                raise ErrorDeProtocolo(413)
        return super().get_data(cache, as_text, parse_form_data)  # type: ignore[call-overload]

    def get_json(self, *_: Any, **__: Any) -> Any:
        """El cuerpo como valor JSON; 415 si no se declara como tal, 400 si no lo es."""
        if not hasattr(self, "_json"):
            if self._puede_faltar() and not self.get_data():
                return {}
            if not self.is_json:
                raise ErrorDeProtocolo(415)
            valor = json_estricto.leer(self.get_data())
            if valor is None:  # APIFlask tomaría `null` por un objeto vacío
                raise PeticionInvalida(CUERPO_NO_ES_OBJETO)
            self._json = valor
        return self._json

    def _puede_faltar(self) -> bool:
        vista = current_app.view_functions.get(self.endpoint or "")
        return getattr(vista, "cuerpo_opcional", False)
