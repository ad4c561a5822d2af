"""Cuerpos y consultas que acepta tuotempo-leads-service, con los textos de error de su README, y lo que devuelve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from chasis.errores import PeticionInvalida
from chasis.esquemas import Entrada
from chasis.paginacion import Pagina
from tuotempo_leads.dominio import estados, fechas
from tuotempo_leads.dominio.resultado import Resultado
from tuotempo_leads.entradas.campos import Codigo, Logico, Telefono, opcional


class ResultadoDeLlamada(Entrada):
    MENSAJES = (("telefono", "falta", "Se requiere el número de teléfono"),)

    telefono: Telefono
    status_level_1: opcional(100, "Nivel 1 del estado") = None  # type: ignore[valid-type]
    status_level_2: opcional(255, "Nivel 2 del estado") = None  # type: ignore[valid-type]
    conPack: Logico = Field(None, description="Si se vendió el pack")  # noqa: N815 — nombres del README
    nuevaCita: opcional(60, "Fecha y hora de la cita, `YYYY-MM-DD HH:MM`") = None  # type: ignore[valid-type]  # noqa: N815
    horaRellamada: opcional(60, "Cuándo volver a llamar, `YYYY-MM-DD HH:MM`") = None  # type: ignore[valid-type]  # noqa: N815
    errorTecnico: Logico = Field(None, description="Si hubo un error técnico")  # noqa: N815
    razonvueltaallamar: opcional(10_000, "Motivo de la rellamada") = None  # type: ignore[valid-type]
    razonNoInteres: opcional(10_000, "Motivo del no interés") = None  # type: ignore[valid-type]  # noqa: N815
    codigoNoInteres: Codigo = Field(None, description=", ".join(estados.CODIGOS_NO_INTERES))  # noqa: N815
    codigoVolverLlamar: Codigo = Field(None, description=", ".join(estados.CODIGOS_VOLVER_A_LLAMAR))  # noqa: N815
    noInteresado: Logico = Field(None, description="Verdadero: el nivel 1 pasa a «No Interesado»")  # noqa: N815

    def resultado(self, zona: ZoneInfo) -> Resultado:
        """Lo mismo, leído; `PeticionInvalida` si no dice nada o si algo no se entiende."""
        resultado = Resultado(
            nivel_1=self.status_level_1 and estados.canonico(self.status_level_1),
            nivel_2=self.status_level_2 and estados.canonico(self.status_level_2),
            con_pack=self.conPack,
            cita=_fecha("nuevaCita", self.nuevaCita, zona),
            hora_rellamada=_fecha("horaRellamada", self.horaRellamada, zona),
            error_tecnico=self.errorTecnico,
            razon_vuelta_a_llamar=self.razonvueltaallamar,
            razon_no_interes=self.razonNoInteres,
            codigo_no_interes=_codigo("codigoNoInteres", self.codigoNoInteres, estados.CODIGOS_NO_INTERES),
            codigo_volver_llamar=_codigo(
                "codigoVolverLlamar", self.codigoVolverLlamar, estados.CODIGOS_VOLVER_A_LLAMAR
            ),
            no_interesado=bool(self.noInteresado),
        )
        if resultado.codigo_no_interes and resultado.codigo_volver_llamar:
            raise PeticionInvalida(
                "Envíe solo uno de los dos códigos: codigoNoInteres "
                f"({', '.join(estados.CODIGOS_NO_INTERES)}) o codigoVolverLlamar "
                f"({', '.join(estados.CODIGOS_VOLVER_A_LLAMAR)})",
                campo="codigoNoInteres",
            )
        if resultado.vacio:
            raise PeticionInvalida("No se proporcionaron datos para actualizar")
        return resultado


def _fecha(campo: str, valor: str | None, zona: ZoneInfo) -> datetime | None:
    if valor is None:
        return None
    try:
        return fechas.leer(valor, zona)
    except fechas.FechaInvalida as fallo:
        raise PeticionInvalida(f"{fallo} (campo {campo})", campo=campo) from None


def _codigo(campo: str, valor: str | None, codigos: Mapping[str, estados.Niveles]) -> str | None:
    if valor is None:
        return None
    nombre = estados.nombre_del_codigo(valor, codigos)
    if nombre is None:
        raise PeticionInvalida(
            f"El valor de {campo} no es válido: {valor}. Valores admitidos: {', '.join(codigos)}", campo=campo
        )
    return nombre


class FiltroDeResultados(Pagina):
    resultado: str | None = Field(
        None,
        max_length=255,
        description="Valor de resultado_llamada o de cualquiera de los dos niveles de estado",
    )


class Estado(BaseModel):
    status: Literal["online"]
    timestamp: str
    service: str


class Hecho(BaseModel):
    success: Literal[True]
    message: str


class Contacto(BaseModel):
    id: int
    nombre: str | None
    apellidos: str | None
    telefono: str | None
    cita: str | None = Field(description="YYYY-MM-DD HH:MM:SS")
    conPack: Literal[0, 1]  # noqa: N815
    resultado_llamada: str | None
    status_level_1: str | None
    status_level_2: str | None
    telefono2: str | None
    codigo_postal: str | None


class Contactos(BaseModel):
    success: Literal[True]
    count: int
    contactos: list[Contacto]


SIN_DATOS: Any = {500: "La base de datos no contesta o ha fallado"}
