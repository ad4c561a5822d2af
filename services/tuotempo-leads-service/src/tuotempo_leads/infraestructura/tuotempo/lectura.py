"""Leer las respuestas de TuoTempo sin tropezar: casi todo puede ser nulo y `return` no siempre es un objeto."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

_ETIQUETA = re.compile(r"<[^<>]*>")


def resultados(respuesta: Mapping[str, Any], lista: str | None = None) -> list[dict[str, Any]]:
    """`return.results` o, con `lista`, `return.results[lista]` («availabilities»); vacía si no hay tal cosa."""
    contenido = respuesta.get("return")
    hallados = contenido.get("results") if isinstance(contenido, dict) else None
    if lista is not None:
        hallados = hallados.get(lista) if isinstance(hallados, dict) else None
    return [uno for uno in hallados if isinstance(uno, dict)] if isinstance(hallados, list) else []


def memberid(respuesta: Mapping[str, Any]) -> str | None:
    """Quién reservará. Es lo único que dice que un alta salió bien: la ocasional no trae `result`."""
    for donde in (respuesta.get("user_info"), respuesta.get("return")):
        if isinstance(donde, dict) and donde.get("memberid"):
            return str(donde["memberid"])
    return None


def sin_html(texto: object) -> str:
    """Los textos del proveedor llegan con `<b>` y entidades; aquí, en una línea y sin ellas."""
    sin_etiquetas = html.unescape(_ETIQUETA.sub(" ", str(texto or "")))
    return " ".join(sin_etiquetas.split())
