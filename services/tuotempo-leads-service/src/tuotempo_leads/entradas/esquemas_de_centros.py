"""Consultas de centros, actividades, huecos y clínicas, con los textos de error del README, y lo que devuelven."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from chasis.errores import PeticionInvalida
from chasis.esquemas import Entrada, texto
from tuotempo_leads.entradas.esquemas_de_tuotempo import EnIdioma, Provincia, leer_fecha


class DeCentros(EnIdioma):
    cp: str = Field("", max_length=10, description="Código postal")
    provincia: Provincia = ""


class DeCentrosDeUnCp(EnIdioma):
    provincia: Provincia = ""


class DeActividades(EnIdioma):
    MENSAJES = (("centro_id", "falta", "El parámetro centro_id es obligatorio"),)

    centro_id: texto(255) = Field(description="`areaid` del centro")  # type: ignore[valid-type]


class DeSlots(EnIdioma):
    MENSAJES = (
        (
            "centro_id actividad_id fecha_inicio",
            "falta",
            "Los parámetros centro_id, actividad_id y fecha_inicio son obligatorios",
        ),
    )

    centro_id: texto(255) = Field(description="`areaid` del centro")  # type: ignore[valid-type]
    actividad_id: texto(255) = Field(description="`activityid` de la actividad")  # type: ignore[valid-type]
    fecha_inicio: Annotated[str, Field(min_length=1, max_length=10)] = Field(description="DD/MM/YYYY")
    recurso_id: str = Field("", max_length=255, description="Solo los huecos de ese profesional")

    @property
    def desde(self) -> date:
        try:
            fecha: date | None = leer_fecha(self.fecha_inicio)
        except ValueError:
            fecha = None
        if fecha is None:
            raise PeticionInvalida(
                "El parámetro fecha_inicio debe ser una fecha DD/MM/YYYY", campo="fecha_inicio"
            )
        return fecha


class DeClinicas(Entrada):
    MENSAJES = (
        ("q", "falta", "Debe proporcionar parámetro q"),
        ("campo", "valor tipo", "El parámetro campo debe ser nombre o direccion"),
    )

    q: texto(255) = Field(description="Trozo del nombre o de la dirección")  # type: ignore[valid-type]
    campo: Annotated[
        Literal["nombre", "direccion"] | None,
        BeforeValidator(lambda v: v.strip().casefold() or None if isinstance(v, str) else v),
        WithJsonSchema({"type": "string"}),
    ] = Field(None, description="nombre o direccion; sin decirlo, los dos")


class Centro(BaseModel):
    areaid: str
    areaTitle: str  # noqa: N815 — nombres de TuoTempo
    address: str
    cp: str
    city: str
    province: str
    phone: str


class Centros(BaseModel):
    success: Literal[True]
    message: str
    centros: list[Centro]


class Actividad(BaseModel):
    activityid: str
    activityTitle: str  # noqa: N815 — nombres de TuoTempo
    description: str


class Actividades(BaseModel):
    success: Literal[True]
    message: str
    actividades: list[Actividad]


class Slots(BaseModel):
    success: Literal[True]
    message: str
    slots: list[dict[str, Any]]
    motivo: str | None = Field(None, description="Por qué no hay huecos, si TuoTempo lo dice")


class Clinica(BaseModel):
    code: str
    nombre: str
    address: str


class Clinicas(BaseModel):
    results: list[Clinica]
