"""Cuerpos y consultas que acepta customer_service, con los textos de error de su README, y lo que devuelve."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, RootModel

from chasis.esquemas import Entrada, texto, texto_en_bytes
from chasis.paginacion import Pagina

_FALTAN_DATOS = "Faltan datos: nombre, contacto y servicio son requeridos."


class ClienteNuevo(Entrada):
    MENSAJES = (("nombre contacto servicio", "falta tipo", _FALTAN_DATOS),)

    nombre: texto_en_bytes(1000)  # type: ignore[valid-type]
    contacto: texto(255)  # type: ignore[valid-type]
    servicio: texto(255)  # type: ignore[valid-type]


class ContactoNuevo(Entrada):
    MENSAJES = (("contacto", "falta tipo", "El campo 'contacto' es requerido."),)

    contacto: texto(255)  # type: ignore[valid-type]


class ServicioNuevo(Entrada):
    MENSAJES = (("servicio", "falta tipo", "El campo 'servicio' es requerido."),)

    servicio: texto(255)  # type: ignore[valid-type]


class Lista(Pagina):
    q: str = Field("", description="Solo los nombres que lo contienen, sin distinguir mayúsculas")


class Salud(BaseModel):
    status: str


class Hecho(BaseModel):
    message: str
    status: str


class Saludo(BaseModel):
    message: str


class Ficha(BaseModel):
    contacto: Any
    nombre: str
    servicios: Any


class Nombres(RootModel[list[str]]):
    pass
