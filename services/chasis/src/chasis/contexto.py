"""Identidad de la petición en curso: viaja a los registros, a las llamadas salientes y a los eventos.

`X-Request-ID` se acepta si cumple `[A-Za-z0-9._-]{1,128}`; `traceparent`, si cumple W3C Trace Context nivel 1.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from random import getrandbits  # identifica, no protege: no hace falta pedir azar al sistema en cada petición

CABECERA_PETICION = "X-Request-ID"
CABECERA_TRAZA = "traceparent"

peticion_id: ContextVar[str] = ContextVar("peticion_id", default="")
traza: ContextVar[str] = ContextVar("traza", default="")
padre: ContextVar[str] = ContextVar("padre", default="")  # el `traceparent` recibido, si valía

_PETICION = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TRAZA = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


def iniciar(peticion: str | None, traceparent: str | None) -> str:
    """Fija la identidad de esta petición a partir de las cabeceras recibidas y devuelve su id.

    Sin `X-Request-ID` válido, el id es el de la traza.
    """
    previa = _TRAZA.fullmatch(traceparent) if traceparent else None
    padre.set(previa[0] if previa else "")
    id_traza, marcas = previa.groups() if previa else (f"{getrandbits(128) or 1:032x}", "01")
    traza.set(f"00-{id_traza}-{getrandbits(64) or 1:016x}-{marcas}")
    identificador = peticion if peticion and _PETICION.fullmatch(peticion) else id_traza
    peticion_id.set(identificador)
    return identificador


def cabeceras() -> dict[str, str]:
    """Cabeceras con las que una llamada saliente sigue siendo parte de esta petición."""
    pares = ((CABECERA_PETICION, peticion_id.get()), (CABECERA_TRAZA, traza.get()))
    return {nombre: valor for nombre, valor in pares if valor}
