"""Modelos de entrada: describen el cuerpo o la consulta para OpenAPI y fallan con el texto que fija el README.

Un modelo declara en `MENSAJES` filas `(campos, clases, texto)`; gana la primera fila que coincide con algún error.
Las clases son `falta` (ausente, nulo o en blanco), `tipo` (de otro tipo), `largo` y `valor` (no admitido).
Lo que ninguna fila recoge recibe una frase que nombra el campo.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from chasis.errores import CUERPO_NO_ES_OBJETO, PeticionInvalida

_CLASES = {
    **dict.fromkeys(("missing", "string_too_short", "string_pattern_mismatch", "en_blanco"), "falta"),
    "string_too_long": "largo",
    **dict.fromkeys(("literal_error", "enum", "value_error"), "valor"),
    **dict.fromkeys(("greater_than_equal", "less_than_equal"), "valor"),
}
_FRASES = {
    "missing": "es obligatorio",
    **dict.fromkeys(("string_too_short", "string_pattern_mismatch", "en_blanco"), "no puede estar en blanco"),
    "string_too_long": "admite como máximo {max_length} caracteres",
    **dict.fromkeys(("literal_error", "enum"), "debe ser {expected}"),
    "greater_than_equal": "debe ser mayor o igual que {ge}",
    "less_than_equal": "debe ser menor o igual que {le}",
    "string_type": "debe ser un texto",
    "greater_than": "debe ser mayor que {gt}",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "debe ser un número entero"),
    **dict.fromkeys(("float_parsing", "decimal_parsing"), "debe ser un número"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "debe ser verdadero o falso"),
    "dict_type": "debe ser un objeto",
    "date_parsing": "debe ser una fecha AAAA-MM-DD",
    "value_error": "{error}",
}
# Ni espacios ni lo que solo algunos dialectos de expresiones regulares tienen por espacio (NEL y BOM).
_ALGO_QUE_SE_VEA = r"[^\s\u0085\ufeff]"


def texto(maximo: int, *, recortar: bool = True) -> Any:
    """Texto obligatorio de 1 a `maximo` caracteres, no en blanco; sin espacios en los extremos si se recorta."""
    limites = StringConstraints(
        strip_whitespace=recortar, min_length=1, max_length=maximo, pattern=_ALGO_QUE_SE_VEA
    )
    return Annotated[str, limites]


def texto_en_bytes(maximo: int) -> Any:
    """Texto obligatorio en forma NFC cuyo UTF-8 ocupa como máximo `maximo` bytes."""

    def normalizar(valor: str) -> str:
        normal = unicodedata.normalize("NFC", valor)
        if len(normal.encode()) > maximo:
            raise ValueError(f"admite como máximo {maximo} bytes en UTF-8")
        return normal

    return Annotated[texto(maximo, recortar=False), AfterValidator(normalizar)]


def _entero(valor: Any) -> int:
    if isinstance(valor, str) and not valor.strip():
        raise PydanticCustomError("en_blanco", "en blanco")
    if isinstance(valor, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,30}\s*", valor):
        return int(valor)
    if isinstance(valor, int) and not isinstance(valor, bool):
        return valor
    raise PydanticCustomError("int_type", "no es un entero")


def _fecha(valor: Any) -> date:
    if isinstance(valor, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", valor):
        with suppress(ValueError):
            return date.fromisoformat(valor)
    raise PydanticCustomError("date_parsing", "no es una fecha")


Entero = Annotated[
    int,
    BeforeValidator(_entero),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]{1,18}$"}]}),
]
"""Entero que también se acepta como texto (`3` o `"3"`), pero no `true` ni `1.5`."""

Fecha = Annotated[date, BeforeValidator(_fecha)]
"""Fecha ISO 8601 de calendario (`AAAA-MM-DD`)."""

HoraSinZona = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"}),
]
"""Hora UTC que se publica sin zona (`2026-03-02T09:30:00`): `date-time` de JSON Schema la exige."""


class Entrada(BaseModel):
    """Base de todo lo que llega de fuera; su único fallo es `PeticionInvalida` con el campo culpable."""

    model_config = ConfigDict(extra="ignore")
    MENSAJES: ClassVar[tuple[tuple[str, str, str], ...]] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _traducir_fallos(cls, datos: Any, validar: Callable[[Any], Self]) -> Self:
        try:
            return validar(datos)
        except ValidationError as fallo:
            raise cls._como_peticion_invalida(fallo.errors(include_url=False)) from None

    @classmethod
    def _como_peticion_invalida(cls, fallos: list[ErrorDetails]) -> PeticionInvalida:
        for campos, clases, mensaje in cls.MENSAJES:
            for fallo in fallos:
                if _campo(fallo) in campos.split() and _clase(fallo) in clases.split():
                    return PeticionInvalida(mensaje, campo=_campo(fallo))
        primero = fallos[0]
        if not primero["loc"]:
            return PeticionInvalida(CUERPO_NO_ES_OBJETO)
        campo, detalle = _campo(primero), frase(primero, "tiene un valor no admitido")
        return PeticionInvalida(f"El campo '{campo}' {detalle}", campo=campo)


def frase(fallo: ErrorDetails, si_no: str) -> str:
    """Lo que le pasa a un valor, dicho de él (`debe ser un número entero`); `si_no`, si el fallo es de otra clase."""
    if fallo["type"] not in _FRASES:
        return si_no
    return _FRASES[fallo["type"]].format(**fallo.get("ctx", {})).replace("' or '", "' o '")


def _campo(fallo: ErrorDetails) -> str:
    return ".".join(str(parte) for parte in fallo["loc"])


def _clase(fallo: ErrorDetails) -> str:
    return "falta" if fallo["input"] is None else _CLASES.get(fallo["type"], "tipo")
