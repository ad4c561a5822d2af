"""Gente usando la plataforma sin descanso, y la cuenta de qué le contestó: para las pruebas que la averían."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any, Self

import requests

Llamada = Callable[[requests.Session, str], requests.Response]
SIN_RENDIRSE = 300  # segundos que se insiste con una misma escritura
ESPERA = 60  # segundos que se espera una respuesta


def crear(url: str, cuerpo: Callable[[str], dict[str, Any]]) -> Llamada:
    """Una escritura, con su clave de idempotencia; `cuerpo` la construye a partir de un nombre que no se repite."""
    return lambda sesion, nombre: sesion.post(
        url, json=cuerpo(nombre), headers={"Idempotency-Key": nombre}, timeout=ESPERA
    )


def leer(*urls: str) -> Llamada:
    """Lecturas de esas direcciones, una tras otra."""
    turno = count()
    return lambda sesion, _: sesion.get(urls[next(turno) % len(urls)], timeout=ESPERA)


class Trafico:
    """Con `with`, cada llamada se repite hasta salir, en su propio hilo y con un nombre nuevo cada vez.

    `insistir`: la que falla se repite con el mismo nombre hasta que se confirma. `por_segundo`: el tope de cada hilo.
    `confirmadas`: los nombres de las escrituras dadas por guardadas. `fallos`: qué pasó con los demás intentos.
    """

    def __init__(self, *llamadas: Llamada, insistir: bool = False, por_segundo: float = 1000) -> None:
        self._insistir, self._pausa = insistir, 1 / por_segundo
        self._serie = f"Prueba {uuid.uuid4().hex[:8]}"
        self._fin, self._cerrojo = threading.Event(), threading.Lock()
        self._hilos = [
            threading.Thread(target=self._usar, args=(hilo, llamada)) for hilo, llamada in enumerate(llamadas)
        ]
        self.total = 0
        self.peor = 0.0  # segundos
        self.confirmadas: list[str] = []
        self.fallos: Counter[str] = Counter()

    def __enter__(self) -> Self:
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        for hilo in self._hilos:
            hilo.join()

    @property
    def fallidas(self) -> int:
        return self.fallos.total()

    def resumen(self) -> str:
        malas = "".join(f"\n    {veces} × {fallo}" for fallo, veces in self.fallos.most_common(10))
        return f"{self.total} peticiones, {self.fallidas} fallidas, la peor en {self.peor:.2f} s{malas}"

    def _usar(self, hilo: int, llamada: Llamada) -> None:
        sesion = requests.Session()
        for numero in count(1):
            if self._fin.is_set():
                return
            if hilo % 2 and numero % 2:
                sesion.close()  # unos mantienen su conexión y otros abren una nueva de vez en cuando
            nombre, limite = f"{self._serie} {hilo} {numero}", time.monotonic() + SIN_RENDIRSE
            while (
                not self._intentar(sesion, llamada, nombre) and self._insistir and time.monotonic() < limite
            ):
                time.sleep(0.2)

    def _intentar(self, sesion: requests.Session, llamada: Llamada, nombre: str) -> bool:
        inicio, fallo, confirmada = time.monotonic(), "", False
        try:
            respuesta = llamada(sesion, nombre)
            confirmada = respuesta.ok and respuesta.request.method == "POST"
            if not respuesta.ok:
                peticion = f"{respuesta.request.method} {respuesta.request.path_url}"
                fallo = f"{peticion}: {respuesta.status_code} {respuesta.text[:120]}"
        except requests.RequestException as error:
            fallo = type(error).__name__
        tardo = time.monotonic() - inicio
        self._apuntar(nombre if confirmada else "", fallo, tardo)
        self._fin.wait(max(0.0, self._pausa - tardo))
        return not fallo

    def _apuntar(self, confirmada: str, fallo: str, tardo: float) -> None:
        with self._cerrojo:
            self.total += 1
            self.peor = max(self.peor, tardo)
            if confirmada:
                self.confirmadas.append(confirmada)
            if fallo:
                self.fallos[fallo] += 1
