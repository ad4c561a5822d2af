"""Los huecos de una clínica: cada 20 minutos, de 9:00 a 20:00, los días laborables de los próximos 60 días."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tuotempo_simulado.dominio.catalogo import Actividad, Clinica, Recurso, identificador

ZONA = ZoneInfo("Europe/Madrid")  # la de las clínicas: TuoTempo da siempre su hora local
DIAS = 60
MINUTOS = 20
APERTURA, CIERRE = time(9), time(20)
_SABADO = 5


@dataclass(frozen=True)
class Hueco:
    """Un rato libre de un profesional para una actividad; `inicio` es la hora local de la clínica, sin zona."""

    clinica: Clinica
    recurso: Recurso
    actividad: Actividad
    inicio: datetime

    @property
    def fin(self) -> datetime:
        return self.inicio + timedelta(minutes=MINUTOS)

    @property
    def minuto(self) -> int:
        """Minutos desde medianoche, como `minTime` y `maxTime`."""
        return self.inicio.hour * 60 + self.inicio.minute

    @property
    def id(self) -> str:
        return identificador("hueco", self.recurso.id, self.actividad.id, self.inicio, largo=32)

    @property
    def sesion(self) -> str:
        """`provider_session_id`: lo que identifica el hueco ante el programa de la clínica."""
        actividad = identificador("codigo", self.actividad.id, largo=4).upper()
        cuando = f"{self.inicio:%Y%m%d%H%M}:{MINUTOS}"
        disponibilidad = f"{self.clinica.codigo[:8]}_{actividad}_{cuando}"
        return (
            f"ResourceLid::{self.recurso.codigo}@AreaLid::{self.clinica.codigo}"
            f"@Availability_lid::{disponibilidad}@ActivityPrice::0"
        )


def dias_laborables(desde: date, hasta: date) -> Iterator[date]:
    """Los días de lunes a viernes entre los dos, ambos incluidos."""
    for numero in range((hasta - desde).days + 1):
        dia = desde + timedelta(days=numero)
        if dia.weekday() < _SABADO:
            yield dia


def horas(dia: date) -> Iterator[datetime]:
    """Los comienzos de cada hueco de un día."""
    momento, cierre = datetime.combine(dia, APERTURA), datetime.combine(dia, CIERRE)
    while momento < cierre:
        yield momento
        momento += timedelta(minutes=MINUTOS)


def existe(inicio: datetime, ahora: datetime) -> bool:
    """Si un hueco puede empezar a esa hora: está por venir, en horario y dentro del plazo con agenda."""
    laborable = inicio.weekday() < _SABADO and ahora <= inicio
    return (
        laborable and inicio.date() <= ahora.date() + timedelta(days=DIAS) and inicio in horas(inicio.date())
    )
