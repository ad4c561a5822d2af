"""De nombre de cliente a clave de almacén y vuelta: un nombre nunca elige una ruta.

La clave es el nombre en NFC codificado con porcentajes, punto incluido (así `..` deja de ser especial). Los
nombres reservados de Windows (`CON`…) codifican también su primera letra. Si no cabe, la clave es `@` y su SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote, unquote

_RESERVADOS = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])$")
MARCA_DE_LARGO = "@"


def normalizar(nombre: str) -> str:
    """`María` compuesta o descompuesta es la misma clienta."""
    return unicodedata.normalize("NFC", nombre)


def clave(nombre: str, maximo: int, *, distinguir_mayusculas: bool = True) -> str:
    """Clave de como mucho `maximo` caracteres ASCII; distinta para cada nombre normalizado."""
    normal = normalizar(nombre)
    codificada = quote(normal, safe="").replace(".", "%2E")
    if not distinguir_mayusculas:
        codificada = re.sub(r"(?<!%)(?<!%[0-9A-F])[A-Z]", _codificar, codificada)
    if _RESERVADOS.match(codificada):
        codificada = f"%{ord(codificada[0]):02X}{codificada[1:]}"
    if len(codificada) <= maximo:
        return codificada
    return MARCA_DE_LARGO + hashlib.sha256(normal.encode()).hexdigest()


def nombre(clave_leida: str) -> str | None:
    """El nombre que dio lugar a la clave, o `None` si era demasiado largo y hay que buscarlo aparte."""
    return None if clave_leida.startswith(MARCA_DE_LARGO) else unquote(clave_leida)


def _codificar(letra: re.Match[str]) -> str:
    return f"%{ord(letra[0]):02X}"
