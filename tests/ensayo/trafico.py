"""Escrituras sin descanso a través del gateway, cada una repetida con su clave hasta que el servicio la confirma."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

Escritura = tuple[str, dict[str, str]]


class Trafico:
    """`confirmadas`: los nombres que un servicio dio por guardados. `fallos`: qué contestó a los demás intentos."""

    def __init__(self, construir: Callable[[str], Escritura], insistir: bool = True) -> None:
        self._construir, self._insistir = construir, insistir
        self.confirmadas: list[str] = []
        self.fallos: Counter[str] = Counter()

    @contextmanager
    def en_marcha(self, hilos: int = 2) -> Iterator[Trafico]:
        fin = threading.Event()
        escritores = [threading.Thread(target=self._escribir, args=(n, fin)) for n in range(hilos)]
        for hilo in escritores:
            hilo.start()
        try:
            yield self
        finally:
            fin.set()
            for hilo in escritores:
                hilo.join()

    def _escribir(self, hilo: int, fin: threading.Event) -> None:
        sesion, numero = requests.Session(), 0
        while not fin.is_set():
            numero += 1
            nombre = f"Prueba {id(self) % 10_000} {hilo} {numero}"
            limite = time.monotonic() + 300
            while not self._intentar(sesion, nombre) and self._insistir and time.monotonic() < limite:
                time.sleep(0.2)

    def _intentar(self, sesion: requests.Session, nombre: str) -> bool:
        url, cuerpo = self._construir(nombre)
        try:
            respuesta = sesion.post(url, json=cuerpo, headers={"Idempotency-Key": nombre}, timeout=60)
        except requests.RequestException as fallo:
            self.fallos[type(fallo).__name__] += 1
            return False
        if respuesta.ok:
            self.confirmadas.append(nombre)
            return True
        self.fallos[str(respuesta.status_code)] += 1
        return False
