"""Comparar textos como los compara una persona: sin fijarse en acentos, mayúsculas ni espacios de más."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAYOR_PALABRA = 40  # letras que cuentan de una palabra
_RECORDADOS = 20_000  # nombres de clínica y apellidos se repiten: plegar es lo más caro de importarlos


def plegar(texto: str) -> str:
    """`"  Vuelva a LLAMÁR "` → `"vuelva a llamar"`."""
    if texto.isascii():
        return " ".join(texto.lower().split())
    sin_acentos = (c for c in unicodedata.normalize("NFKD", texto) if not unicodedata.combining(c))
    return " ".join("".join(sin_acentos).casefold().split())


@lru_cache(_RECORDADOS)
def palabras(texto: str) -> tuple[str, ...]:
    """Las de un texto, plegadas y cada una una vez: `"José-Luis, ANA"` → `("jose", "luis", "ana")`."""
    halladas = re.findall(r"[^\W_]+", plegar(texto))
    return tuple(dict.fromkeys(palabra[:MAYOR_PALABRA] for palabra in halladas))
