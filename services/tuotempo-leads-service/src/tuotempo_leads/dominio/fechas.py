"""Las formas en que llegan una fecha y una hora, y su paso de la hora de reloj de una zona a UTC y al revés.

`AAAA-MM-DD HH:MM` es la del README. Se admiten además segundos, solo fecha (las 00:00), `DD/MM/AAAA` y `DD-MM-AAAA`
con o sin hora, ISO 8601 con `T`, milisegundos y zona, y el intervalo `AAAA-MM-DD HH:MM-HH:MM`, del que vale el
principio.
Nunca se prueba MM/DD: el 3 de abril no puede ser a veces el 4 de marzo.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PRIMER_ANO, ULTIMO_ANO = 1900, 2199
_FORMA = re.compile(
    r"(?:(?P<a>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})(?P<sep>[/-])(?P<m2>[0-9]{1,2})(?P=sep)(?P<a2>[0-9]{4}))"
    r"(?:[T ](?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?:\s*(?P<zona>Z|[+-][0-9]{2}:?[0-9]{2}))?(?P<fin>\s*-\s*[0-9]{1,2}:[0-9]{2})?)?",
)
_INTERVALO = re.compile(r"(?P<principio>.* [0-9]{1,2}:[0-9]{2})\s*-\s*(?P<fin>[0-9]{1,2}:[0-9]{2})")


class FechaInvalida(ValueError):
    """El texto no es una fecha admitida, o esa hora no existe; el mensaje es para quien lo envió."""


def leer(texto: str, zona: ZoneInfo) -> datetime:
    """Hora de reloj en `zona`, sin zona y sin fracción. Lanza `FechaInvalida`.

    La hora que el cambio de verano se salta no existe y se rechaza; la que se repite es la primera de las dos.
    """
    principio = _sin_intervalo(texto.strip())
    hallada = _FORMA.fullmatch(principio)
    if hallada is None or hallada["fin"]:
        raise _no_vale(texto)
    try:
        momento = _componer(hallada)
    except ValueError:
        raise _no_vale(texto) from None
    if not PRIMER_ANO <= momento.year <= ULTIMO_ANO:
        raise _no_vale(texto)
    if hallada["zona"]:
        return _con_zona(momento, hallada["zona"]).astimezone(zona).replace(tzinfo=None, fold=0)
    if de_utc(a_utc(momento, zona), zona) != momento:
        raise FechaInvalida(f"La hora {momento:%Y-%m-%d %H:%M} no existe en {zona.key}: es el cambio de hora")
    return momento


def a_utc(reloj: datetime, zona: ZoneInfo) -> datetime:
    """UTC sin zona de una hora de reloj; si se repite, la primera."""
    return reloj.replace(tzinfo=zona, fold=0).astimezone(UTC).replace(tzinfo=None)


def de_utc(momento: datetime, zona: ZoneInfo) -> datetime:
    """Hora de reloj, sin zona, de un momento UTC sin zona."""
    return momento.replace(tzinfo=UTC).astimezone(zona).replace(tzinfo=None, fold=0)


def _sin_intervalo(texto: str) -> str:
    hallado = _INTERVALO.fullmatch(texto)
    if hallado is None:
        return texto
    hora, minuto = hallado["fin"].split(":")
    empieza = hallado["principio"].rsplit(" ", 1)[1].zfill(5)
    valido = int(hora) < 24 and int(minuto) < 60 and empieza < hallado["fin"].zfill(5)
    return hallado["principio"] if valido else ""


def _componer(hallada: re.Match[str]) -> datetime:
    ano, mes, dia = (hallada[clave] or hallada[f"{clave}2"] for clave in "amd")
    hora, minuto, segundo = (int(hallada[clave] or 0) for clave in ("h", "min", "s"))
    return datetime(int(ano), int(mes), int(dia), hora, minuto, segundo)  # noqa: DTZ001 — la zona la pone quien llama


def _con_zona(momento: datetime, zona: str) -> datetime:
    if zona == "Z":
        return momento.replace(tzinfo=UTC)
    signo = 1 if zona[0] == "+" else -1
    diferencia = timedelta(hours=int(zona[1:3]), minutes=int(zona[-2:]))
    return (momento - signo * diferencia).replace(tzinfo=UTC)


def _no_vale(texto: str) -> FechaInvalida:
    return FechaInvalida(f"Formato de fecha inválido: {texto[:60]}. Use YYYY-MM-DD HH:MM")
