"""Cuerpos y consultas que acepta storage_service, con los textos de error de su README, y lo que devuelve."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, RootModel

from chasis.esquemas import Entrada, texto_en_bytes
from chasis.paginacion import Pagina

MAXIMO_DEL_NOMBRE = 1000  # bytes en UTF-8: codificado cabe en una dirección


class Documento(Entrada):
    """El documento de un cliente: cualquier objeto JSON con `nombre`."""

    model_config = ConfigDict(extra="allow")
    MENSAJES = (("nombre", "falta tipo", "El nombre del cliente es requerido"),)

    nombre: texto_en_bytes(MAXIMO_DEL_NOMBRE)  # type: ignore[valid-type]


class Lista(Pagina):
    prefijo: str = Field("", description="Solo los nombres que empiezan así")
    q: str = Field("", description="Solo los nombres que lo contienen, sin distinguir mayúsculas")


class Salud(BaseModel):
    status: str


class Hecho(BaseModel):
    message: str
    status: str


class Nombres(RootModel[list[str]]):
    pass
