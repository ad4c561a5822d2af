"""Las cifras de la página de inicio: totales, el día de hoy comparado con ayer a estas horas y la última semana."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tuotempo_leads.dominio.estados import (
    CITA_AGENDADA,
    NO_INTERESADO,
    OTROS,
    SIN_LLAMAR,
    SUBESTADOS,
    VOLVER_A_LLAMAR,
)
from tuotempo_leads.dominio.fechas import a_utc, de_utc
from tuotempo_leads.infraestructura import cifras
from tuotempo_leads.infraestructura.cifras import Grupo

DIAS = 7
Filtro = Mapping[str, Any]


@dataclass(frozen=True)
class Recuento:
    """De un montón de contactos o de llamadas, cuántos acabaron de cada manera."""

    total: int = 0
    contactados: int = 0
    con_pack: int = 0
    sin_pack: int = 0
    volver: int = 0
    no_interesados: int = 0

    @property
    def citas(self) -> int:
        return self.con_pack + self.sin_pack

    @property
    def otros(self) -> int:
        return self.contactados - self.citas - self.volver - self.no_interesados


@dataclass(frozen=True)
class Parte:
    """Un trozo de un gráfico y el filtro de `/leads` que enseña las filas que cuenta."""

    texto: str
    valor: int
    color: str
    filtro: Filtro


@dataclass(frozen=True)
class Grafico:
    clave: str
    titulo: str
    partes: tuple[Parte, ...]

    @property
    def total(self) -> int:
        return sum(parte.valor for parte in self.partes)


@dataclass(frozen=True)
class Dia:
    fecha: date
    recuento: Recuento


@dataclass(frozen=True)
class Cifras:
    """`ayer` es hasta la hora que es ahora; `dias`, del más reciente al más antiguo, hoy el primero."""

    contactos: Recuento
    hoy: Recuento
    ayer: Recuento
    dias: tuple[Dia, ...]
    graficos: tuple[Grafico, ...]


def calcular(conexion: sa.Connection, ahora: datetime, zona: ZoneInfo) -> Cifras:
    """Tres consultas; `ahora` es UTC sin zona."""
    reloj = de_utc(ahora, zona)
    fechas = [reloj.date() - timedelta(days=n) for n in range(DIAS)]
    limites = [
        a_utc(datetime.combine(f, time()), zona) for f in (*reversed(fechas), fechas[0] + timedelta(days=1))
    ]
    grupos = cifras.contactos(conexion)
    semana = cifras.llamadas_por_dia(conexion, limites)
    ayer = cifras.llamadas_por_dia(conexion, [limites[-3], a_utc(reloj - timedelta(days=1), zona)])
    dias = tuple(Dia(f, contar(semana.get(DIAS - 1 - n, ()))) for n, f in enumerate(fechas))
    contactos = contar(grupos)
    return Cifras(contactos, dias[0].recuento, contar(ayer.get(0, ())), dias, graficos(grupos, contactos))


def contar(grupos: Iterable[Grupo]) -> Recuento:
    cuenta: Counter[str] = Counter()
    for grupo in grupos:
        cuenta["total"] += grupo.cuantos
        cuenta["contactados"] += grupo.cuantos if grupo.nivel_1 else 0
        if columna := _columna(grupo):
            cuenta[columna] += grupo.cuantos
    return Recuento(**cuenta)


def _columna(grupo: Grupo) -> str:
    if grupo.nivel_1 == CITA_AGENDADA:
        return "con_pack" if grupo.con_pack else "sin_pack"
    return {VOLVER_A_LLAMAR: "volver", NO_INTERESADO: "no_interesados"}.get(grupo.nivel_1, "")


def graficos(grupos: list[Grupo], contactos: Recuento) -> tuple[Grafico, ...]:
    """Los cuatro; en cada uno, las partes suman todos los contactos de los que habla."""
    con, sin = {"estado": CITA_AGENDADA, "con_pack": "1"}, {"estado": CITA_AGENDADA, "con_pack": "0"}
    de_citas = (
        Parte("Cita con pack", contactos.con_pack, "bien", con),
        Parte("Cita sin pack", contactos.sin_pack, "cian", sin),
    )
    distribucion = (
        *de_citas,
        Parte("Volver a llamar", contactos.volver, "regular", {"estado": VOLVER_A_LLAMAR}),
        Parte("No interesado", contactos.no_interesados, "mal", {"estado": NO_INTERESADO}),
        Parte("Otros", contactos.otros, "lila", {"estado": OTROS}),
        Parte("Sin llamar", contactos.total - contactos.contactados, "neutro", {"estado": SIN_LLAMAR}),
    )
    return (
        Grafico("estados", "Distribución de estados", distribucion),
        _de_subestados(grupos, VOLVER_A_LLAMAR, "volver", "regular"),
        _de_subestados(grupos, NO_INTERESADO, "no-interesado", "mal"),
        Grafico("citas", "Citas", de_citas),
    )


def _de_subestados(grupos: list[Grupo], estado: str, clave: str, color: str) -> Grafico:
    cuenta: Counter[str] = Counter()
    for grupo in grupos:
        if grupo.nivel_1 == estado:
            cuenta[grupo.nivel_2 if grupo.nivel_2 in SUBESTADOS[estado] else OTROS] += grupo.cuantos
    conocidos = tuple(
        Parte(texto, cuenta[texto], color, {"estado": estado, "subestado": texto})
        for texto in SUBESTADOS[estado]
    )
    otros = Parte("Otros", cuenta[OTROS], "lila", {"estado": estado, "subestado": OTROS})
    return Grafico(clave, "No interesado" if estado == NO_INTERESADO else estado, (*conocidos, otros))
