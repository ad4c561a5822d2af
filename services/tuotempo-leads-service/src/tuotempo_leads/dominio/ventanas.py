"""A qué horas se puede llamar a cada país: un horario por día de la semana, en la hora de allí, y sus festivos.

Se escriben en una línea: `ES +34 Europe/Madrid L-V 9:00-21:00; CO +57 America/Bogota L-V 7:00-19:00, S 8:00-15:00`.
El primero es el de los números que no llevan prefijo.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from tuotempo_leads.dominio.fechas import a_utc
from tuotempo_leads.dominio.festivos import SIN_FESTIVOS, Festivos

DIAS = "LMXJVSD"
_PAIS = re.compile(r"(?P<codigo>[A-Z]{2}) \+(?P<prefijo>[0-9]{1,4}) (?P<zona>\S+) (?P<tramos>.+)")
_TRAMO = re.compile(
    rf"(?P<de>[{DIAS}])(?:-(?P<a>[{DIAS}]))? (?P<abre>[0-9]{{1,2}}:[0-9]{{2}})-(?P<cierra>[0-9]{{1,2}}:[0-9]{{2}})"
)
_PREFIJADO = re.compile(r"(?:\+|00)([0-9]+)")
_DIAS_QUE_SE_MIRAN = 60  # de sobra: ni abriendo un día a la semana caen en él tantos festivos seguidos


class VentanaInvalida(ValueError):
    """El horario no se entiende; el mensaje es para quien lo configuró."""


@dataclass(frozen=True)
class Pais:
    """`horario` son las horas de apertura y cierre de lunes a domingo; `None`, ese día no se llama."""

    codigo: str
    prefijo: str
    zona: ZoneInfo
    horario: tuple[tuple[time, time] | None, ...]
    festivos: Festivos = SIN_FESTIVOS

    def permite(self, momento: datetime) -> bool:
        """Si se puede llamar en ese momento (UTC sin zona); a la hora de cierre ya no."""
        alli = momento.replace(tzinfo=UTC).astimezone(self.zona)
        horas = self._horas_de(alli.date())
        return horas is not None and horas[0] <= alli.time() < horas[1]

    def desde(self, momento: datetime) -> datetime:
        """El mismo momento si se puede llamar, o la siguiente apertura (UTC sin zona)."""
        if self.permite(momento):
            return momento
        hoy = momento.replace(tzinfo=UTC).astimezone(self.zona).date()
        for dia in (hoy + timedelta(days=n) for n in range(_DIAS_QUE_SE_MIRAN)):
            if (horas := self._horas_de(dia)) is not None:
                apertura = a_utc(datetime.combine(dia, horas[0]), self.zona)
                if apertura > momento:
                    return apertura
        raise VentanaInvalida(f"{self.codigo} no tiene ningún día en que se pueda llamar")

    def festivo(self, momento: datetime) -> str | None:
        """El nombre del festivo que es allí en ese momento (UTC sin zona), si lo es."""
        return self.festivos.nombre(momento.replace(tzinfo=UTC).astimezone(self.zona).date())

    def _horas_de(self, dia: date) -> tuple[time, time] | None:
        return None if self.festivos.nombre(dia) else self.horario[dia.weekday()]


def leer(texto: str, festivos: Mapping[str, Festivos] = MappingProxyType({})) -> tuple[Pais, ...]:
    """Los países de la línea de configuración, con sus festivos; `VentanaInvalida` si algo no se entiende."""
    leidos = (_pais(trozo.strip()) for trozo in texto.split(";") if trozo.strip())
    paises = tuple(replace(pais, festivos=festivos.get(pais.codigo, SIN_FESTIVOS)) for pais in leidos)
    if not paises:
        raise VentanaInvalida("hace falta al menos un país")
    return paises


def pais_de(telefono: str | None, paises: tuple[Pais, ...]) -> Pais:
    """El del prefijo con que está escrito el número; sin prefijo, o si no es de ninguno, el primero."""
    escrito = _PREFIJADO.match(re.sub(r"[\s.()-]", "", telefono or ""))
    de_prefijo = (p for p in paises if escrito and escrito[1].startswith(p.prefijo))
    return next(de_prefijo, paises[0])


def _pais(trozo: str) -> Pais:
    hallado = _PAIS.fullmatch(trozo)
    if hallado is None:
        raise VentanaInvalida(
            f"no se entiende «{trozo}»: es, por ejemplo, ES +34 Europe/Madrid L-V 9:00-21:00"
        )
    if hallado["zona"] not in available_timezones():
        raise VentanaInvalida(f"no es una zona horaria conocida: {hallado['zona']}")
    horario: list[tuple[time, time] | None] = [None] * len(DIAS)
    for tramo in hallado["tramos"].split(","):
        primero, ultimo, horas = _tramo(tramo.strip())
        horario[primero : ultimo + 1] = [horas] * (ultimo + 1 - primero)
    return Pais(hallado["codigo"], hallado["prefijo"], ZoneInfo(hallado["zona"]), tuple(horario))


def _tramo(texto: str) -> tuple[int, int, tuple[time, time]]:
    hallado = _TRAMO.fullmatch(texto)
    horas = hallado and _horas(hallado["abre"], hallado["cierra"])
    if hallado is None or horas is None:
        raise VentanaInvalida(f"no se entiende el tramo «{texto}»: es, por ejemplo, L-V 9:00-21:00")
    primero, ultimo = DIAS.index(hallado["de"]), DIAS.index(hallado["a"] or hallado["de"])
    if primero > ultimo or horas[0] >= horas[1]:
        raise VentanaInvalida(f"el tramo «{texto}» acaba antes de empezar")
    return primero, ultimo, horas


def _horas(abre: str, cierra: str) -> tuple[time, time] | None:
    try:
        return time.fromisoformat(abre.zfill(5)), time.fromisoformat(cierra.zfill(5))
    except ValueError:
        return None
