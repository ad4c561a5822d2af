"""Un hueco que alguien quiere: lo que ha de traer, cuándo empieza y con qué se confunde otro igual."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tuotempo_leads.dominio import fechas

OBLIGATORIOS = ("areaid", "resourceid", "activityid", "start_date", "startTime", "endTime")


class HuecoInvalido(ValueError):
    """Al hueco le falta algo o no se entiende; el mensaje es para quien lo envió."""


@dataclass(frozen=True)
class Hueco:
    """`inicio` y `fin` son UTC; `identidad`, la misma para quien quiera al mismo profesional a la misma hora."""

    disponibilidad: Mapping[str, Any]
    inicio: datetime
    fin: datetime
    identidad: str

    def texto(self, clave: str, largo: int = 255) -> str:
        valor = self.disponibilidad.get(clave)
        return "" if valor is None else str(valor)[:largo]


def leer(disponibilidad: Mapping[str, Any], entorno: str, zona: ZoneInfo) -> Hueco:
    """El hueco de un objeto `availability` de TuoTempo; `HuecoInvalido` si no lo es."""
    falta = [clave for clave in OBLIGATORIOS if not isinstance(disponibilidad.get(clave), str)]
    falta += [clave for clave in OBLIGATORIOS if clave not in falta and not disponibilidad[clave].strip()]
    if falta:
        raise HuecoInvalido(f"A availability le falta {', '.join(falta)}")
    dia, empieza, acaba = (disponibilidad[clave] for clave in ("start_date", "startTime", "endTime"))
    try:
        inicio, fin = (fechas.leer(f"{dia} {hora}", zona) for hora in (empieza, acaba))
    except fechas.FechaInvalida:
        raise HuecoInvalido(
            "availability no dice cuándo: start_date es DD/MM/YYYY, y las horas HH:MM"
        ) from None
    identidad = "|".join((entorno, disponibilidad["resourceid"].strip(), inicio.isoformat()))
    huella = hashlib.sha256(identidad.encode()).hexdigest()
    return Hueco(disponibilidad, fechas.a_utc(inicio, zona), fechas.a_utc(fin, zona), huella)
