"""Fechas como las entiende TuoTempo: DD/MM/AAAA. Con AAAA-MM-DD no protesta: contesta huecos de 2030."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONA = ZoneInfo("Europe/Madrid")  # la de las clínicas, que es en la que se decide qué día es hoy
_DIA_PRIMERO = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def leer(valor: str | date, campo: str) -> date:
    """Una fecha DD/MM/AAAA, DD-MM-AAAA o AAAA-MM-DD; `ValueError` que nombra el campo si no lo es.

    Nunca se prueba MM/DD: no hay forma de saber que lo es.
    """
    if isinstance(valor, date):
        return valor.date() if isinstance(valor, datetime) else valor
    texto = str(valor).strip()
    try:
        if partes := _DIA_PRIMERO.fullmatch(texto):
            dia, mes, ano = map(int, partes.groups())
            return date(ano, mes, dia)
        if partes := _ISO.fullmatch(texto):
            ano, mes, dia = map(int, partes.groups())
            return date(ano, mes, dia)
    except ValueError:
        pass
    raise ValueError(f"{campo} debe ser una fecha DD/MM/AAAA, y es {texto!r}")


def escribir(fecha: date) -> str:
    return f"{fecha:%d/%m/%Y}"


def hoy() -> date:
    return datetime.now(ZONA).date()
