"""Lo que el servicio hace por su cuenta: conciliar citas y rehacer el directorio de clínicas."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import turnos

SONDEO = 5.0  # segundos entre dos miradas a qué toca


@dataclass(frozen=True)
class Tarea:
    """`hacer` se llama como mucho una vez cada `cada`, en un solo proceso, y otra vez al minuto si lanza."""

    nombre: str
    cada: timedelta
    hacer: Callable[[], object]


class Tareas:
    def __init__(self, bd: BaseDeDatos, tareas: Iterable[Tarea]) -> None:
        self._bd, self._tareas = bd, tuple(tareas)
        self._yo = f"{socket.gethostname()}:{os.getpid()}"

    def en_segundo_plano(self, fin: threading.Event | None = None) -> threading.Thread:
        """Un hilo que las hace cuando tocan, hasta que se ponga `fin`."""
        hilo = threading.Thread(target=self._trabajar, args=(fin or threading.Event(),), daemon=True)
        hilo.start()
        return hilo

    def una_ronda(self) -> list[str]:
        """Hace las que tocan y dice cuáles."""
        return [tarea.nombre for tarea in self._tareas if self._hacer(tarea)]

    def _trabajar(self, fin: threading.Event) -> None:
        while not fin.is_set():
            try:
                self.una_ronda()
            except Exception:  # noqa: BLE001 — la base de datos puede faltar un rato; las tareas siguen
                structlog.get_logger().exception("ronda_de_tareas_fallida")
            fin.wait(SONDEO)

    def _hacer(self, tarea: Tarea) -> bool:
        if not turnos.tomar(self._bd, tarea.nombre, self._yo, ahora(), tarea.cada):
            return False
        hecha_en = None
        try:
            tarea.hacer()
            hecha_en = ahora()
        except Exception:  # noqa: BLE001 — TuoTempo puede faltar; se vuelve a intentar en la próxima ronda
            structlog.get_logger().exception("tarea_fallida", tarea=tarea.nombre)
        finally:
            turnos.soltar(self._bd, tarea.nombre, self._yo, ahora(), hecha_en)
        return True
