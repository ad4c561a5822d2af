"""Una sola forma de comparar teléfonos: la usan la API, la importación, la búsqueda y la exportación.

Un número se reconoce por sus nueve últimas cifras, así que da igual que llegue con `+34`, `0034`, espacios o guiones.
Dos números extranjeros que acaben en las mismas nueve cifras se confunden: es el precio de aceptar prefijos.
"""

from __future__ import annotations

import re

CIFRAS = 9
_NO_CIFRA = re.compile(r"[^0-9]+")
_DECIMALES = re.compile(r"(\+?[0-9]{9,})\.0+")  # «600.123.000» no es un número con decimales
_EXPONENTE = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}$")


def normalizar(valor: object) -> str:
    """Las nueve últimas cifras de `valor`, o `""` si no llega a tener nueve.

    Admite texto y números; `712345678.0` y `7.12345678E8` (lo que escribe una hoja de cálculo) son `712345678`.
    """
    if isinstance(valor, bool) or valor is None:
        return ""
    texto = str(valor).strip()
    if _EXPONENTE.fullmatch(texto):
        texto = str(int(float(texto.replace(",", "."))))
    elif con_decimales := _DECIMALES.fullmatch(texto):
        texto = con_decimales[1]
    cifras = _NO_CIFRA.sub("", texto)
    return cifras[-CIFRAS:] if len(cifras) >= CIFRAS else ""
