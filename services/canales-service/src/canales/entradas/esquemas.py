"""Cuerpos y consultas que acepta canales-service, con los textos de error de su README, y lo que devuelve."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, RootModel

from canales.aplicacion.casos import MAYOR_NOMBRE, MAYOR_TIPO_DE_SERVICIO
from canales.infraestructura.repositorio import Filtro
from chasis.esquemas import Entero, Entrada, Fecha, HoraSinZona, texto
from chasis.paginacion import Pagina

TipoCanal = Literal["email", "llamada"]


class ClienteNuevo(Entrada):
    MENSAJES = (("nombre tipo_servicio", "falta tipo", "Nombre y tipo de servicio son obligatorios"),)

    nombre: texto(MAYOR_NOMBRE)  # type: ignore[valid-type]
    tipo_servicio: texto(MAYOR_TIPO_DE_SERVICIO)  # type: ignore[valid-type]


class CanalNuevo(Entrada):
    # El orden de las filas es el orden en que el README comprueba.
    MENSAJES = (
        ("tipo", "falta tipo valor", "Tipo de canal inválido"),
        ("contenido cliente_id", "falta", "Contenido y cliente_id son obligatorios"),
        ("cliente_id", "tipo valor", "cliente_id debe ser un número"),
        ("contenido", "largo", "Contenido demasiado largo"),
    )

    tipo: TipoCanal
    contenido: texto(10_000, recortar=False)  # type: ignore[valid-type]
    cliente_id: Entero


class ListaFiltrada(Pagina):
    desde: Fecha | None = Field(None, description="Primer día incluido (UTC)")
    hasta: Fecha | None = Field(None, description="Último día incluido (UTC)")
    orden: Literal["id", "-id"] | None = Field(None, description="id o -id")

    @property
    def filtro(self) -> Filtro:
        return Filtro(self.desde, self.hasta, self.orden == "-id")


class Salud(BaseModel):
    status: str


class Mensaje(BaseModel):
    mensaje: str


class Cliente(BaseModel):
    id: int
    nombre: str
    tipo_servicio: str


class Canal(BaseModel):
    id: int
    tipo: TipoCanal
    contenido: str
    timestamp: HoraSinZona


class MensajeDeCanal(Canal):
    cliente_id: int


class Clientes(RootModel[list[Cliente]]):
    pass


class Canales(RootModel[list[Canal]]):
    pass


class Mensajes(RootModel[list[MensajeDeCanal]]):
    pass
