"""Los eventos que un servicio no ha entregado todavía, según cuenta en su `/health/ready`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.infraestructura.vecinos import Respuesta

RETRASO_ADMISIBLE = 60  # segundos que puede llevar un evento sin publicar


@dataclass(frozen=True)
class Retraso:
    """Por publicar (y los segundos del más antiguo), a la espera de otro intento y muertos; `alerta` si preocupa."""

    pendientes: int
    mas_antiguo_s: float
    en_espera: int
    muertos: int
    alerta: bool


def de(respuestas: Sequence[Respuesta]) -> Retraso | None:
    """El peor de sus réplicas, que comparten la base de datos; nada si el servicio no cuenta eventos."""
    cuentas = list(_cuentas(respuestas))
    if not cuentas:
        return None
    peor = {dato: max(cuenta[dato] for cuenta in cuentas) for dato in cuentas[0]}
    alerta = peor["mas_antiguo_s"] > RETRASO_ADMISIBLE or peor["muertos"] > 0
    return Retraso(
        int(peor["pendientes"]), peor["mas_antiguo_s"], int(peor["en_espera"]), int(peor["muertos"]), alerta
    )


def _cuentas(respuestas: Sequence[Respuesta]) -> Iterator[dict[str, float]]:
    for respuesta in respuestas:
        eventos: Any = respuesta.cuerpo
        for clave in ("comprobaciones", "eventos"):
            eventos = eventos.get(clave) if isinstance(eventos, Mapping) else None
        if isinstance(eventos, Mapping):
            datos = ("pendientes", "mas_antiguo_s", "en_espera", "muertos")
            yield {dato: _numero(eventos.get(dato)) for dato in datos}


def _numero(valor: object) -> float:
    return valor if isinstance(valor, int | float) else 0
