"""Clientes que no paran de llamar por el puerto 80 mientras se despliega, y la cuenta de lo que les pasa."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Self

import requests

POR_SEGUNDO = 15  # cada cliente; entre todos, por debajo de lo que el gateway admite de una dirección


class Carga:
    """Con `with`: llama hasta salir. Cada cliente mantiene su conexión o abre una por petición, según le toque."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.total = 0
        self.fallidas: list[str] = []
        self.peor = 0.0  # segundos
        self._fin, self._cerrojo = threading.Event(), threading.Lock()
        llamadas = (self._saludar, self._registrar, self._abrir_ficha, self._leer)
        self._hilos = [
            threading.Thread(target=self._repetir, args=(hacer, n)) for n, hacer in enumerate(llamadas)
        ]

    def __enter__(self) -> Self:
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        for hilo in self._hilos:
            hilo.join(60)
        print(
            f"\nCarga: {self.total} peticiones, {len(self.fallidas)} fallidas, la peor en {self.peor:.2f} s"
        )
        for fallo, veces in Counter(self.fallidas).most_common(10):
            print(f"  {veces} × {fallo}")

    def _repetir(self, hacer: Callable[[requests.Session, int], requests.Response], cliente: int) -> None:
        sesion, vuelta = requests.Session(), 0
        while not self._fin.is_set():
            vuelta += 1
            inicio = time.monotonic()
            if vuelta % 2 and cliente % 2:
                sesion.close()  # esta vez, con una conexión nueva
            try:
                respuesta = hacer(sesion, vuelta)
                fallo = (
                    f"{hacer.__name__}: {respuesta.status_code} {respuesta.text[:120]}"
                    if not respuesta.ok
                    else ""
                )
            except requests.RequestException as error:
                fallo = f"{hacer.__name__}: {error!r}"
            tardo = time.monotonic() - inicio
            with self._cerrojo:
                self.total += 1
                self.peor = max(self.peor, tardo)
                if fallo:
                    self.fallidas.append(fallo)
            self._fin.wait(max(0.0, 1 / POR_SEGUNDO - tardo))

    def _saludar(self, sesion: requests.Session, _: int) -> requests.Response:
        return sesion.get(f"{self.base}/clientes/saludo", timeout=30)

    def _registrar(self, sesion: requests.Session, vuelta: int) -> requests.Response:
        cuerpo = {"nombre": f"Cliente {vuelta}", "tipo_servicio": "soporte"}
        return sesion.post(f"{self.base}/canales/cliente", json=cuerpo, timeout=30)

    def _abrir_ficha(self, sesion: requests.Session, vuelta: int) -> requests.Response:
        """Escribe a través de dos servicios: clientes llama a almacén."""
        nombre = f"Ficha {id(self)} {vuelta}"
        cuerpo = {"nombre": nombre, "contacto": "ficha@example.com", "servicio": "Fibra"}
        return sesion.post(f"{self.base}/clientes/clientes", json=cuerpo, timeout=30)

    def _leer(self, sesion: requests.Session, vuelta: int) -> requests.Response:
        rutas = (
            "/",
            "/partners/api/v1/partners",
            "/leads/health",
            "/espacio/health/live",
            "/canales/clientes?per_page=5",
        )
        return sesion.get(f"{self.base}{rutas[vuelta % len(rutas)]}", timeout=30)
