"""Rutas con un nombre libre: el nombre puede llevar barras, puntos o saltos de línea y llega entero."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.routing import BaseConverter


class NombreLibre(BaseConverter):
    """Convertidor de rutas para cualquier texto no vacío, registrado por el chasis como `<nombre:...>`.

    El `path` de werkzeug no admite `/` al principio ni saltos de línea.
    """

    regex = r"[\s\S]+"
    part_isolating = False

    def to_url(self, value: str) -> str:
        codificado = quote(value, safe="")
        # Un segmento «..» se perdería: quien lo recibe lo resuelve como carpeta.
        return codificado.replace(".", "%2E") if value in (".", "..") else codificado
