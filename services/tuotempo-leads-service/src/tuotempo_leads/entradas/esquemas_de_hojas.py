"""Qué se puede pedir al importar y al exportar, y qué se devuelve."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from chasis.esquemas import Entrada, texto
from chasis.paginacion import Pagina
from tuotempo_leads.aplicacion.importacion.volcado import Modo
from tuotempo_leads.infraestructura.filtro_de_leads import FiltroDeLeads

SIN_HOJA = "Falta el fichero: envíalo en el campo 'archivo', o su dirección en 'url'"


class Opciones(Entrada):
    modo: Modo = Field(
        "reemplazar",
        description="`reemplazar` deja los leads de la hoja y ninguno más; `anadir` no quita ni vacía nada",
    )
    simular: bool = Field(False, description="Cuenta lo que haría, sin hacerlo")


class HojaEnInternet(Opciones):
    MENSAJES = (("url", "falta", SIN_HOJA),)

    url: texto(2000)  # type: ignore[valid-type]


class Lista(Pagina):
    pass


class Exportacion(Entrada):
    formato: Literal["xlsx", "csv"] = Field("xlsx", description="xlsx o csv")
    q: str | None = Field(
        None,
        max_length=100,
        description="Por cómo empiezan las palabras del nombre, la clínica o el NIF, o el teléfono",
    )
    estado: str | None = Field(None, max_length=100, description="`status_level_1` exacto")
    subestado: str | None = Field(None, max_length=255, description="`status_level_2` exacto")
    resultado: str | None = Field(None, max_length=20, description="`resultado_llamada` exacto")
    con_pack: bool | None = Field(None, description="Solo los que tienen pack, o solo los que no")
    origen: str | None = Field(None, max_length=255, description="`origen_archivo` exacto")

    @property
    def filtro(self) -> FiltroDeLeads:
        return FiltroDeLeads(**self.model_dump(exclude={"formato"}))


class Rechazo(BaseModel):
    fila: int
    columna: str | None
    valor: str | None
    motivo: str
    resultado: Literal["erronea", "omitida"]


class Importacion(BaseModel):
    id: str
    estado: Literal["pendiente", "leyendo", "guardando", "terminada", "fallida", "cancelada"]
    modo: Modo | Literal["excluir"]
    simular: bool
    archivo: str
    sha256: str | None
    total: int | None
    procesadas: int
    porcentaje: float
    filas_por_segundo: float | None
    segundos_restantes: float | None
    creadas: int
    actualizadas: int
    sin_cambios: int
    omitidas: int
    erroneas: int
    eliminadas: int
    cancelar: bool
    error: str | None
    avisos: dict[str, Any]
    creada_en: datetime
    empezada_en: datetime | None
    terminada_en: datetime | None


class ImportacionConRechazos(Importacion):
    rechazadas: list[Rechazo] = Field(description="Las primeras; todas, en `/rechazadas`")


class Importaciones(BaseModel):
    success: bool
    importaciones: list[Importacion]
