"""Fallos que se encienden y se apagan, para ver qué hace quien llama cuando el proveedor no está bien."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Literal

Clase = Literal["lento", "timeout", "html", "502", "truncado", "excepcion", "provincia_ignorada"]
Ruta = Literal["areas", "activities", "availabilities", "users", "reservations", "*"]
TODAS: Ruta = "*"


@dataclass(frozen=True)
class Fallo:
    """Qué falla, dónde y cuántas veces (`veces` vacío: hasta que se apague).

    `segundos` es lo que esperan `lento` y `timeout`; `codigo` y `msg`, lo que contesta `excepcion`.
    """

    fallo: Clase
    ruta: Ruta = TODAS
    veces: int | None = None
    segundos: float = 0.0
    codigo: str = ""
    msg: str | None = None


class Fallos:
    """Los fallos encendidos, uno por ruta; el de una ruta concreta gana al de todas."""

    def __init__(self) -> None:
        self._encendidos: dict[str, Fallo] = {}
        self._turno = threading.Lock()
        self._despertar = threading.Event()

    def encender(self, fallo: Fallo) -> None:
        with self._turno:
            self._encendidos[fallo.ruta] = fallo

    def apagar(self) -> None:
        """Los apaga todos y despierta a las peticiones que estaban esperando por uno."""
        with self._turno:
            self._encendidos.clear()
            self._despertar.set()
            self._despertar = threading.Event()

    def encendidos(self) -> list[Fallo]:
        with self._turno:
            return list(self._encendidos.values())

    def tomar(self, ruta: str) -> Fallo | None:
        """El fallo que le toca a esta petición; gasta una de sus veces."""
        with self._turno:
            fallo = self._encendidos.get(ruta) or self._encendidos.get(TODAS)
            if fallo and fallo.veces is not None:
                if fallo.veces == 1:
                    del self._encendidos[fallo.ruta]
                else:
                    self._encendidos[fallo.ruta] = replace(fallo, veces=fallo.veces - 1)
            return fallo

    def esperar(self, segundos: float) -> None:
        """Se queda quieto ese tiempo, o hasta que se apaguen los fallos."""
        self._despertar.wait(segundos)
