"""Consultas y cuerpos de las rutas de `app.py`, con los textos de error del README, y lo que devuelven."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chasis.errores import PeticionInvalida
from chasis.esquemas import Entrada, texto
from tuotempo_leads.aplicacion.citas import Persona
from tuotempo_leads.dominio import telefonos
from tuotempo_leads.entradas.campos import Logico, Telefono, opcional
from tuotempo_leads.entradas.esquemas_de_tuotempo import FORMATO, Dia, EnIdioma, Nacimiento, Provincia


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


class Salud(BaseModel):
    status: Literal["ok"]
    message: str
