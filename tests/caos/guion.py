"""El guion: una avería tras otra, al azar con semilla, mientras el tráfico sigue; y lo que tardó todo en volver."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.caos.averias import Averia
from tests.caos.diario import Diario

SIN_RECUPERAR = 180.0  # segundos tras los que se da por no recuperado
MIRADA = 0.1


@dataclass(frozen=True)
class Suceso:
    """Una avería ya pasada: los segundos hasta que todos confirmaron algo nuevo, y lo que pasó entretanto."""

    averia: str
    recuperacion: float | None
    confirmadas: int
    fallidas: Counter[str]
    ultimo: str  # el flujo que más tardó


def interpretar(
    averias: list[Averia], diario: Diario, azar: random.Random, segundos: float
) -> Iterator[Suceso]:
    """Todas las averías en un orden al azar, y otra vez, hasta que se acabe el tiempo."""
    limite = time.monotonic() + segundos
    while True:
        for averia in azar.sample(averias, len(averias)):
            if time.monotonic() > limite:
                return
            yield _una(averia, diario)
            time.sleep(azar.uniform(0.5, 2))


def _una(averia: Averia, diario: Diario) -> Suceso:
    confirmadas, fallos = diario.confirmadas.total(), diario.fallos.copy()
    averia.provocar()
    try:
        time.sleep(averia.segundos)
    finally:
        averia.arreglar()
    inicio, ultimo = time.monotonic(), ""
    while faltan := diario.atrasados(inicio):
        ultimo = ", ".join(faltan)
        if time.monotonic() - inicio > SIN_RECUPERAR:
            break
        time.sleep(MIRADA)
    tardo = None if faltan else time.monotonic() - inicio
    fallidas: Counter[str] = Counter()
    for (_, motivo), veces in (diario.fallos - fallos).items():
        fallidas[motivo] += veces
    return Suceso(averia.nombre, tardo, diario.confirmadas.total() - confirmadas, fallidas, ultimo)
