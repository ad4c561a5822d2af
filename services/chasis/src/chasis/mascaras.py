"""Datos personales y secretos fuera de los registros.

Teléfonos `******456` · correos `j***@d…` · documentos `***123` · nombres `J***` · claves y tokens desaparecen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

_CORREO = re.compile(r"([\w.+-])[\w.+-]*@([\w-])[\w-]*(?:\.[\w-]+)+")
_PORTADOR = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+")


def telefono(valor: object) -> str:
    return "******" + str(valor)[-3:]


def documento(valor: object) -> str:
    return "***" + str(valor)[-3:]


def nombre(valor: object) -> str:
    return str(valor)[:1] + "***"


def texto_libre(valor: str) -> str:
    """Tapa los correos y las credenciales que aparezcan dentro de una frase."""
    return _PORTADOR.sub(r"\1 ***", _CORREO.sub(r"\1***@\2…", valor))


_POR_CLAVE: tuple[tuple[re.Pattern[str], Callable[[object], str]], ...] = (
    (re.compile(r"(?i)tele?fono|phone|movil"), telefono),
    (re.compile(r"(?i)documento|\bdni\b|\bnif\b"), documento),
    (re.compile(r"(?i)nombre|apellido|contacto|usuario"), nombre),
    (re.compile(r"(?i)clave|password|secret|token|authorization|cookie|api_?key"), lambda _: "***"),
)


@lru_cache(1000)  # las claves de registro son pocas y fijas
def _mascara_de(clave: str) -> Callable[[object], str] | None:
    return next((mascara for patron, mascara in _POR_CLAVE if patron.search(clave)), None)


# Lo que pone la propia casa en cada línea: no se mira dos veces.
_NUNCA_PERSONALES = {"hora", "level", "servicio", "peticion", "traza", "metodo", "ruta", "estado", "ms"}


def tapar(linea: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tapa los valores por el nombre de su clave y, si son texto, por su forma."""
    for clave in linea.keys() - _NUNCA_PERSONALES:
        valor = linea[clave]
        if mascara := _mascara_de(clave):
            linea[clave] = mascara(valor)
        elif isinstance(valor, str) and ("@" in valor or " " in valor):
            linea[clave] = texto_libre(valor)
    return linea
