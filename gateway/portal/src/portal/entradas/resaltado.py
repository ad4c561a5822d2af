"""Textos de los contratos como HTML: el JSON, con clases que `portal.css` colorea; la prosa, con sus `nombres`."""

from __future__ import annotations

import re

import orjson
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

_FORMATO = HtmlFormatter(nowrap=True, classprefix="json-")


def json(valor: object) -> Markup:
    texto = orjson.dumps(valor, option=orjson.OPT_INDENT_2).decode()
    return Markup(highlight(texto, JsonLexer(), _FORMATO).rstrip())  # noqa: S704 — Pygments escapa el texto


def prosa(texto: str) -> Markup:
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(texto))))  # noqa: S704 — ya va escapado
