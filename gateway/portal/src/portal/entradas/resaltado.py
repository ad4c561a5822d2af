"""JSON con sus partes en colores; los pone `portal.css`, sin código ni estilos en la página."""

from __future__ import annotations

import orjson
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

_FORMATO = HtmlFormatter(nowrap=True, classprefix="json-")


def json(valor: object) -> Markup:
    texto = orjson.dumps(valor, option=orjson.OPT_INDENT_2).decode()
    return Markup(highlight(texto, JsonLexer(), _FORMATO).rstrip())  # noqa: S704 — Pygments escapa el texto
