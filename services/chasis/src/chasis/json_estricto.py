"""Lectura de JSON que no deja pasar nada que luego rompa un almacén o una exportación.

Además de la sintaxis (RFC 8259) se rechazan: sustitutos UTF-16 sueltos, `NaN` e infinitos (orjson ya lo hace),
el carácter NUL, enteros que no caben en 64 bits y más de `PROFUNDIDAD_MAXIMA` niveles.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from chasis.errores import CUERPO_NO_ES_OBJETO, PeticionInvalida

PROFUNDIDAD_MAXIMA = 64
_ENTERO_LARGO = re.compile(rb"[0-9]{19}")


def leer(datos: bytes) -> Any:
    """Devuelve el valor JSON de `datos` o lanza `PeticionInvalida` (400)."""
    try:
        valor = orjson.loads(datos)
        if _ENTERO_LARGO.search(datos):
            # orjson convierte en coma flotante, sin avisar, los enteros de más de 64 bits.
            valor = json.loads(datos, parse_int=_entero_de_64_bits)
    except (orjson.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise PeticionInvalida(CUERPO_NO_ES_OBJETO) from None
    # Recorrer el valor cuesta; solo se hace si los bytes dejan lugar a duda.
    if rb"\u0000" in datos or datos.count(b"[") + datos.count(b"{") > PROFUNDIDAD_MAXIMA:
        _revisar(valor, PROFUNDIDAD_MAXIMA)
    return valor


def _entero_de_64_bits(texto: str) -> int:
    numero = int(texto) if len(texto) <= 20 else 2**64
    if not -(2**63) <= numero < 2**63:
        raise PeticionInvalida("Los números enteros deben caber en 64 bits")
    return numero


def _revisar(valor: Any, niveles: int) -> None:
    if isinstance(valor, str):
        if "\x00" in valor:
            raise PeticionInvalida("El carácter NUL no está permitido en los textos")
    elif isinstance(valor, (dict, list)):
        if niveles == 0:
            raise PeticionInvalida(f"El cuerpo admite como máximo {PROFUNDIDAD_MAXIMA} niveles")
        hijos = [*valor.keys(), *valor.values()] if isinstance(valor, dict) else valor
        for hijo in hijos:
            _revisar(hijo, niveles - 1)
