"""Tipos de los campos que llegan de bots y CRM: tolerantes en la forma, estrictos en el sentido.

En todos, `null`, ausente y `""` son lo mismo: no se dijo nada.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

_VERDADEROS = ("true", "1", "si", "sí", "yes", "verdadero")
_FALSOS = ("false", "0", "no", "falso")
_NADA = ("", "none", "null")  # lo que escribe quien convierte a texto un valor que no tiene


def _telefono(valor: Any) -> Any:
    if isinstance(valor, str):
        return valor.strip() or None
    if isinstance(valor, (int, float)) and not isinstance(valor, bool):
        return str(valor)
    return valor


def _texto(valor: Any) -> Any:
    if not isinstance(valor, str):
        return valor
    recortado = valor.strip()
    return None if recortado.casefold() in _NADA else recortado


def _codigo(valor: Any) -> Any:
    primero = (valor[0] if valor else None) if isinstance(valor, list) else valor
    return _texto(primero)


def _logico(valor: Any) -> Any:
    if valor is None or isinstance(valor, bool):
        return valor
    texto = str(valor).strip().casefold() if isinstance(valor, (str, int)) else "?"
    if texto in _NADA:
        return None
    if texto in _VERDADEROS + _FALSOS:
        return texto in _VERDADEROS
    raise PydanticCustomError("bool_type", "no es verdadero ni falso")


def _esquema(**forma: Any) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [forma, {"type": "null"}]})


def _hasta(maximo: int) -> Any:
    return Annotated[str, StringConstraints(max_length=maximo)] | None


def opcional(maximo: int, descripcion: str) -> Any:
    """Texto que puede no decirse, de hasta `maximo` caracteres."""
    return Annotated[
        _hasta(maximo),
        BeforeValidator(_texto),
        Field(description=descripcion),
        _esquema(type="string", maxLength=maximo),
    ]


Telefono = Annotated[
    str,
    BeforeValidator(_telefono),
    Field(max_length=50, description="Teléfono, con o sin prefijo, espacios o guiones"),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 50}, {"type": "number"}]}),
]

Codigo: Any = Annotated[
    _hasta(50),
    BeforeValidator(_codigo),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 50},
                {"type": "array", "items": {"type": "string", "maxLength": 50}},
                {"type": "null"},
            ]
        }
    ),
]

Logico = Annotated[
    bool | None,
    BeforeValidator(_logico),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "boolean"},
                {"type": "string", "enum": ["", *_VERDADEROS, *_FALSOS]},
                {"type": "integer", "enum": [0, 1]},
                {"type": "null"},
            ]
        }
    ),
]
