"""Quién cobra. Uno de verdad es otra clase con estas tres operaciones, elegida en `arranque`."""

from __future__ import annotations

import threading
import time

from espacio_clientes.puertos import Cobro, SinRespuesta, Veredicto


class ProcesadorInterno:
    """Da por cobrado todo lo que se le pide, sin salir del proceso: el dinero se recauda por otro lado.

    No guarda nada: que contestar lo mismo a la misma clave sea siempre cierto es lo que lo hace repetible.
    """

    def cobrar(self, _: Cobro) -> Veredicto:
        return "aprobado"

    def resolver(self, _: str) -> Veredicto:
        return "aprobado"

    def devolver(self, _: str) -> None:
        """Nada que devolver fuera de aquí."""


class Simulador:
    """Se porta según cómo empieza la clave: sirve para ver cada final posible de un pago.

    `RECHAZO…` rechaza · `SILENCIO…` no contesta y no cobra · `TARDE…` no contesta pero cobra · lo demás, aprueba.
    """

    def __init__(self, plazo: float) -> None:
        self._plazo = plazo
        self._turno = threading.Lock()
        self._veredictos: dict[str, Veredicto] = {}
        self.cobros: dict[str, int] = {}

    def cobrar(self, cobro: Cobro) -> Veredicto:
        veredicto = self._decidir(cobro.clave)
        if cobro.clave.startswith(("SILENCIO", "TARDE")):
            time.sleep(self._plazo)
            raise SinRespuesta
        return veredicto

    def resolver(self, clave: str) -> Veredicto:
        with self._turno:
            # Lo que no le consta queda cerrado; un «TARDE» sí se cobró, aunque después se haya reiniciado.
            return self._veredictos.setdefault(
                clave, "aprobado" if clave.startswith("TARDE") else "rechazado"
            )

    def devolver(self, clave: str) -> None:
        with self._turno:
            self.cobros[clave] = 0

    def _decidir(self, clave: str) -> Veredicto:
        with self._turno:
            if clave not in self._veredictos:
                rechaza = clave.startswith(("RECHAZO", "SILENCIO"))
                self._veredictos[clave] = "rechazado" if rechaza else "aprobado"
                self.cobros[clave] = self.cobros.get(clave, 0) + (not rechaza)
            return self._veredictos[clave]
