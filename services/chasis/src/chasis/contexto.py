"""Identidad de la petición en curso: viaja a los registros, a las llamadas salientes y a los eventos.

`X-Request-ID` se acepta si cumple `[A-Za-z0-9._-]{1,128}`; `traceparent`, si cumple W3C Trace Context nivel 1.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

CABECERA_PETICION = "X-Request-ID"
CABECERA_TRAZA = "traceparent"

peticion_id: ContextVar[str] = ContextVar("peticion_id", default="")
traza: ContextVar[str] = ContextVar("traza", default="")

_PETICION = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TRAZA = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


def iniciar(peticion: str | None, traceparent: str | None) -> str:
    """Fija la identidad de esta petición a partir de las cabeceras recibidas y devuelve su id."""
    valida = peticion is not None and _PETICION.fullmatch(peticion)
    identificador = peticion if valida and peticion else secrets.token_hex(16)
    peticion_id.set(identificador)
    traza.set(_continuar(traceparent))
    return identificador


def cabeceras() -> dict[str, str]:
    """Cabeceras con las que una llamada saliente sigue siendo parte de esta petición."""
    pares = ((CABECERA_PETICION, peticion_id.get()), (CABECERA_TRAZA, traza.get()))
    return {nombre: valor for nombre, valor in pares if valor}


def _continuar(traceparent: str | None) -> str:
    previa = _TRAZA.fullmatch(traceparent or "")
    id_traza, marcas = previa.groups() if previa else (secrets.token_hex(16), "01")
    return f"00-{id_traza}-{secrets.token_hex(8)}-{marcas}"
