"""El sobre de un evento: CloudEvents 1.0 en JSON, con la traza de la petición que lo causó.

`type` es el nombre del suceso, `source` el servicio, `subject` la clave del agregado; las extensiones son `tema`,
`correlationid`, `traceparent` y `secuencia` (crece en cada agregado).
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from chasis import contexto, trazas


class Evento(BaseModel):
    """Un suceso con todo lo que hace falta para entregarlo una vez, en orden y con su traza."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=64)
    tipo: str = Field(alias="type", min_length=1, max_length=100)
    fuente: str = Field(alias="source", min_length=1, max_length=100)
    clave: str = Field(alias="subject", min_length=1, max_length=2000)
    momento: datetime = Field(alias="time")
    esquema: str = Field(alias="dataschema", max_length=200)
    tema: str = Field(max_length=100)
    correlacion: str = Field("", alias="correlationid", max_length=128)
    traza: str = Field("", alias="traceparent", max_length=55)
    secuencia: int
    datos: dict[str, Any] = Field(alias="data")


def escribir(fuente: str, tema: str, suceso: Any, clave: str, secuencia: int) -> tuple[str, bytes]:
    """Id y JSON de un suceso (una dataclass): se escribe una vez y el relay lo lleva tal cual."""
    tipo, identificador = type(suceso).__name__, uuid7()
    mensaje = {"messaging.destination.name": tema, "messaging.message.id": identificador}
    with trazas.tramo(f"publicar {tipo}", "PRODUCER", **mensaje):
        sobre = {
            "specversion": "1.0",
            "id": identificador,
            "type": tipo,
            "source": fuente,
            "subject": clave,
            "time": datetime.now(UTC),
            "datacontenttype": "application/json",
            "dataschema": f"urn:centralita:{nombre_del_contrato(type(suceso))}",
            "tema": tema,
            "correlationid": contexto.peticion_id.get(),
            "traceparent": contexto.traza.get(),
            "secuencia": secuencia,
            "data": suceso,
        }
    return identificador, orjson.dumps(sobre)


def nombre_del_contrato(tipo: type) -> str:
    """`ClienteGuardado.v1`; un cambio incompatible pide una clase con `VERSION = 2`."""
    return f"{tipo.__name__}.v{getattr(tipo, 'VERSION', 1)}"


def uuid7() -> str:
    """UUID versión 7 (RFC 9562): ordenado por el tiempo, así los índices crecen por el final."""
    valor = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    valor = valor & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    texto = f"{valor:032x}"
    return f"{texto[:8]}-{texto[8:12]}-{texto[12:16]}-{texto[16:20]}-{texto[20:]}"
