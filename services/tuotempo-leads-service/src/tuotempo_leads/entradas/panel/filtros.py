"""Los filtros de `/leads`, que viven en la dirección: se pueden guardar, enviar a otro y exportar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from tuotempo_leads.dominio import estados
from tuotempo_leads.dominio.fechas import PRIMER_ANO, ULTIMO_ANO, a_utc
from tuotempo_leads.dominio.provincias import PROVINCIAS
from tuotempo_leads.dominio.textos import plegar
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.infraestructura.filtro_de_leads import FiltroDeLeads

_ESTADOS = [
    ("", "Todos"),
    (estados.CONTACTADO, "Contactados"),
    (estados.SIN_LLAMAR, "Sin llamar"),
    *((estado, estado) for estado in (estados.CITA_AGENDADA, estados.VOLVER_A_LLAMAR, estados.NO_INTERESADO)),
    (estados.OTROS, "Otros"),
]
_SUBESTADOS = [
    ("", "Todos"),
    *((uno, uno) for unos in estados.SUBESTADOS.values() for uno in unos),
    (estados.OTROS, "Otros"),
]
_CODIGOS = [
    ("", "Todos"),
    *((uno, uno) for uno in (*estados.CODIGOS_VOLVER_A_LLAMAR, *estados.CODIGOS_NO_INTERES)),
]
_PROVINCIAS = sorted(PROVINCIAS.items(), key=lambda par: plegar(par[1]))
_FECHA = f"Escribe una fecha de {PRIMER_ANO} a {ULTIMO_ANO}"
NADIE = "nadie"
_ENTERO = "Escribe un número de 0 a 999"
_RANGO = (Optional(), NumberRange(0, 999, _ENTERO))


class _Entero(IntegerField):  # type: ignore[misc]
    def process_formdata(self, valores: list[str]) -> None:
        try:
            super().process_formdata(valores)
        except ValueError:
            raise ValueError(_ENTERO) from None


class _Fecha(DateField):  # type: ignore[misc]
    def process_formdata(self, valores: list[str]) -> None:
        try:
            super().process_formdata(valores)
        except ValueError:
            raise ValueError(_FECHA) from None

    def pre_validate(self, _: Form) -> None:
        if self.data and not PRIMER_ANO <= self.data.year <= ULTIMO_ANO:
            raise ValidationError(_FECHA)


class _Opcion(SelectField):  # type: ignore[misc]
    def __init__(self, rotulo: str, pares: Iterable[tuple[str, str]], **mas: Any) -> None:
        super().__init__(rotulo, choices=[SelectChoice(*par) for par in pares], default="", **mas)

    def pre_validate(self, _: Form) -> None:
        if self.data not in {opcion.value for opcion in self.choices}:
            raise ValidationError("Elige uno de la lista")


class Filtros(Form):  # type: ignore[misc]
    """Un campo por filtro; los nombres son los de la dirección."""

    q = StringField("Buscar", [Length(max=100, message="Como mucho 100 caracteres")])
    estado = _Opcion("Estado", _ESTADOS)
    subestado = _Opcion("Subestado", _SUBESTADOS)
    codigo = _Opcion("Código", _CODIGOS)
    provincia = _Opcion("Provincia", [("", "Todas"), *_PROVINCIAS])
    con_pack = _Opcion("Pack", [("", "Todos"), ("1", "Con pack"), ("0", "Sin pack")])
    llamada_desde = _Fecha("Llamada desde", [Optional()])
    llamada_hasta = _Fecha("Llamada hasta", [Optional()])
    intentos_desde = _Entero("Intentos desde", _RANGO)
    intentos_hasta = _Entero("Intentos hasta", _RANGO)
    origen = StringField("Fichero de origen", [Length(max=255, message="Como mucho 255 caracteres")])
    agente = _Opcion("Agente", [("", "Todos"), (NADIE, "Sin asignar")])

    AVANZADOS: ClassVar[tuple[str, ...]] = (
        *("subestado", "codigo", "provincia", "llamada_desde", "llamada_hasta"),
        *("intentos_desde", "intentos_hasta", "origen", "agente"),
    )

    @property
    def usados(self) -> dict[str, str]:
        """Los que filtran algo, como van en la dirección."""
        return {nombre: texto for nombre, campo in self._fields.items() if (texto := _texto(campo.data))}

    @property
    def en_la_direccion(self) -> str:
        return urlencode(self.usados)

    def como_filtro(self) -> FiltroDeLeads:
        """Solo si `validate()`; los días son los de la zona del servicio, el último incluido."""
        datos: dict[str, Any] = {nombre: campo.data for nombre, campo in self._fields.items()}
        pack, zona = datos.pop("con_pack"), ajustes().zona
        desde, hasta = datos.pop("llamada_desde"), datos.pop("llamada_hasta")
        agente = datos.pop("agente")
        return FiltroDeLeads(
            **datos,
            agente_id=int(agente) if agente.isdecimal() else None,
            sin_agente=True if agente == NADIE else None,
            con_pack={"1": True, "0": False}.get(pack),
            llamada_desde=a_utc(datetime.combine(desde, time()), zona) if desde else None,
            llamada_hasta=a_utc(datetime.combine(hasta + timedelta(days=1), time()), zona) if hasta else None,
        )


def leer(argumentos: MultiDict[str, str], agentes: Iterable[Any] = ()) -> Filtros:
    """Los de una dirección; lo que no es un filtro no cuenta. Valen los `agentes` (id y nombre) que se den."""
    filtros = Filtros(MultiDict((clave, valor.strip()) for clave, valor in argumentos.items()))
    filtros.agente.choices += [SelectChoice(str(uno.id), uno.username) for uno in agentes]
    return filtros


def _texto(valor: object) -> str:
    return "" if valor is None else str(valor)
