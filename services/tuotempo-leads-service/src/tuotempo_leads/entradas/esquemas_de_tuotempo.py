"""Lo que comparten las rutas que preguntan a TuoTempo: idioma, entorno, provincia y fechas."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from chasis.esquemas import Entrada

FORMATO = "%d/%m/%Y"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def leer_fecha(valor: Any) -> Any:
    """DD/MM/YYYY o DD-MM-YYYY. Con AAAA-MM-DD TuoTempo contestaría huecos de 2030, así que no se admite."""
    if valor is None or (isinstance(valor, str) and not valor.strip()):
        return None
    try:
        return datetime.strptime(str(valor).strip().replace("-", "/"), FORMATO).date()
    except ValueError:
        raise ValueError("debe ser una fecha DD/MM/YYYY") from None


def _nacimiento(valor: Any) -> Any:
    """La de nacimiento se admite también AAAA-MM-DD: a TuoTempo se le envía siempre DD/MM/YYYY."""
    if isinstance(valor, str) and _ISO.fullmatch(valor):
        with suppress(ValueError):
            return date.fromisoformat(valor)
    return leer_fecha(valor)


_DIA = WithJsonSchema({"type": "string", "pattern": r"^(0[1-9]|1[0-9]|2[0-8])/(0[1-9]|1[0-2])/20[2-9][0-9]$"})
Dia = Annotated[date, BeforeValidator(leer_fecha), _DIA]
Nacimiento = Annotated[
    date,
    BeforeValidator(_nacimiento),
    WithJsonSchema({"type": "string", "pattern": r"^(0[1-9]|1[0-9]|2[0-8])/(0[1-9]|1[0-2])/19[0-9]{2}$"}),
]


Provincia = Annotated[str, Field(max_length=100, description="Provincia, sin mirar acentos ni mayúsculas")]


class EnIdioma(Entrada):
    lang: Literal["es", "en", "ca"] = Field("es", description="Idioma de los textos de TuoTempo")
    environment: Literal["PRE", "PRO"] | None = Field(
        None, description="PRE o PRO; sin decirlo, el del servicio"
    )


class DeTuoTempo(BaseModel):
    """La respuesta de TuoTempo, tal como llegó."""


SIN_TUOTEMPO: Any = {502: "TuoTempo ha fallado o no se le entiende", 504: "TuoTempo no contesta a tiempo"}
