"""Consultas y cuerpos de centros, huecos y citas, con los textos de error del README, y lo que devuelven."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from chasis.errores import PeticionInvalida
from chasis.esquemas import Entrada, texto
from tuotempo_leads.aplicacion.citas import Persona
from tuotempo_leads.dominio import telefonos
from tuotempo_leads.entradas.campos import Logico, Telefono, opcional

FORMATO = "%d/%m/%Y"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _fecha(valor: Any) -> Any:
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
    return _fecha(valor)


_DIA = WithJsonSchema({"type": "string", "pattern": r"^(0[1-9]|1[0-9]|2[0-8])/(0[1-9]|1[0-2])/20[2-9][0-9]$"})
Dia = Annotated[date, BeforeValidator(_fecha), _DIA]
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
            fecha: date | None = _fecha(self.fecha_inicio)
        except ValueError:
            fecha = None
        if fecha is None:
            raise PeticionInvalida(
                "El parámetro fecha_inicio debe ser una fecha DD/MM/YYYY", campo="fecha_inicio"
            )
        return fecha


class DeCenters(EnIdioma):
    province: Provincia = ""


class DeHuecos(EnIdioma):
    MENSAJES = (("area_id", "falta", "area_id is required"),)

    area_id: texto(255) = Field(description="`areaid` del centro")  # type: ignore[valid-type]
    start_date: Dia | None = Field(None, description="DD/MM/YYYY; sin decirlo, hoy")
    activity_id: str = Field("", max_length=255, description="Sin decirlo, la primera visita")
    resource_id: str = Field("", max_length=255, description="Solo los huecos de ese profesional")
    min_time: Annotated[int, Field(ge=0, le=1440)] | None = Field(
        None, description="Minutos desde medianoche"
    )
    max_time: Annotated[int, Field(ge=0, le=1440)] | None = Field(
        None, description="Minutos desde medianoche"
    )


class PersonaNueva(Entrada):
    MENSAJES = (("fname lname birthday phone", "falta", "Missing required fields"),)

    fname: texto(100)  # type: ignore[valid-type]
    lname: texto(150)  # type: ignore[valid-type]
    birthday: Nacimiento = Field(description="DD/MM/YYYY")
    phone: Telefono


class CitaNueva(Entrada):
    """`availability` es el objeto entero que dio `/slots`; la persona, `userid` o sus cuatro datos."""

    MENSAJES = (("availability communication_phone", "falta", "Missing required fields"),)

    availability: dict[str, Any] = Field(description="El hueco, tal como lo da `/slots`")
    communication_phone: Telefono
    userid: opcional(100, "`memberid` que dio `/register`") = None  # type: ignore[valid-type]
    fname: opcional(100, "Nombre, si no hay `userid`") = None  # type: ignore[valid-type]
    lname: opcional(150, "Apellidos, si no hay `userid`") = None  # type: ignore[valid-type]
    birthday: Nacimiento | None = Field(None, description="DD/MM/YYYY, si no hay `userid`")
    phone: Telefono | None = None
    conPack: Logico = Field(None, description="Si se vendió el pack")  # noqa: N815 — como en el README

    @property
    def persona(self) -> Persona:
        telefono = telefono_de("communication_phone", self.communication_phone)
        if self.userid:
            return Persona(self.communication_phone, telefono, userid=self.userid)
        if not (self.fname and self.lname and self.birthday and self.phone):
            texto = "Missing user identity: send userid, or fname, lname, birthday and phone"
            raise PeticionInvalida(texto, campo="userid")
        telefono_de("phone", self.phone)
        return Persona(
            telefono=self.communication_phone,
            telefono_norm=telefono,
            nombre=self.fname,
            apellidos=self.lname,
            nacimiento=self.birthday.strftime(FORMATO),
            telefono_propio=self.phone,
        )


def telefono_de(campo: str, valor: str) -> str:
    normal = telefonos.normalizar(valor)
    if not normal:
        raise PeticionInvalida(f"El campo '{campo}' debe tener al menos nueve cifras", campo=campo)
    return normal


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


class Salud(BaseModel):
    status: Literal["ok"]
    message: str


class DeTuoTempo(BaseModel):
    """La respuesta de TuoTempo, tal como llegó."""


SIN_TUOTEMPO: Any = {502: "TuoTempo ha fallado o no se le entiende", 504: "TuoTempo no contesta a tiempo"}
