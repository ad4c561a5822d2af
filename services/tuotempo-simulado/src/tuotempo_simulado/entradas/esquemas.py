"""Lo que se acepta: la consulta y los cuerpos de TuoTempo, y las órdenes de `/_control`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from chasis.esquemas import Entero, Entrada, texto
from tuotempo_simulado.aplicacion.fallos import TODAS, Clase, Ruta


class Idioma(Entrada):
    lang: Literal["es", "en", "ca"] = Field(
        "es", description="Idioma; los textos salen siempre en castellano"
    )


class DeAreas(Idioma):
    province: str = Field("", description="Nombre de la provincia, sin distinguir mayúsculas ni acentos")
    cp: str = Field("", description="Se acepta y no filtra, como en el de verdad")


class DeActividades(Idioma):
    areaid: str = Field("", description="Solo las que ofrece esa clínica")


class DeHuecos(Idioma):
    actividad_id: texto(100) = Field(alias="activityid", description="Identificador en el portal")  # type: ignore[valid-type]
    clinica_id: texto(200) = Field(alias="areaId", description="Clínica")  # type: ignore[valid-type]
    desde: texto(10) = Field(  # type: ignore[valid-type]
        alias="start_date", description="DD/MM/AAAA o DD-MM-AAAA; con AAAA-MM-DD los huecos son de 2030"
    )
    recurso_id: str = Field("", alias="resourceId", description="Solo los de ese profesional")
    desde_minuto: Entero = Field(0, ge=0, le=1440, alias="minTime", description="Minutos desde medianoche")
    hasta_minuto: Entero = Field(1440, ge=0, le=1440, alias="maxTime", description="Minutos desde medianoche")
    maximo: Entero = Field(10_000, ge=1, le=10_000, alias="maxResults", description="Cuántos como mucho")


class UsuarioNuevo(Entrada):
    """Con `onetime_user` no se crea cuenta; con cualquier otra escritura de esa clave, sí (y envía un SMS)."""

    fname: texto(100)  # type: ignore[valid-type]
    lname: texto(150)  # type: ignore[valid-type]
    birthday: texto(10) = Field(description="DD/MM/AAAA")  # type: ignore[valid-type]
    phone: texto(30)  # type: ignore[valid-type]
    privacy: str = ""
    onetime_user: str = Field("", description="`1` para un alta sin cuenta")


class ReservaNueva(Entrada):
    """El hueco entero tal como llegó, con `userid`, `communication_phone` y `tags`."""

    model_config = ConfigDict(extra="allow")


class FalloNuevo(Entrada):
    fallo: Clase
    ruta: Ruta = TODAS
    veces: int | None = Field(None, ge=1, le=1000, description="Cuántas peticiones; sin decirlo, todas")
    segundos: float = Field(2.0, ge=0, le=120, description="Lo que esperan `lento` y `timeout`")
    codigo: str = Field("PORTAL_TIMEOUT", max_length=100, description="La `exception` de `excepcion`")
    msg: str | None = Field(None, max_length=500, description="El `msg` de `excepcion`")


class Sobre(BaseModel):
    result: Literal["OK", "EXCEPTION"]
    contenido: Any = Field(alias="return")
    msg: str
    exception: str
    execution_time: int


class Alta(RootModel[dict[str, Any]]):
    """El alta ocasional no lleva sobre."""


class Encendidos(BaseModel):
    fallos: list[dict[str, Any]]


class Hecho(BaseModel):
    status: str
