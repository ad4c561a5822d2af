"""Comparar textos como los compara una persona: sin fijarse en acentos, mayúsculas ni espacios de más."""

from __future__ import annotations

import unicodedata


def plegar(texto: str) -> str:
    """`"  Vuelva a LLAMÁR "` → `"vuelva a llamar"`."""
    sin_acentos = (c for c in unicodedata.normalize("NFKD", texto) if not unicodedata.combining(c))
    return " ".join("".join(sin_acentos).casefold().split())
