"""Gente usando la plataforma mientras se ensaya con ella: lee y escribe sin parar y apunta cada respuesta."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from typing import Self

import requests

A_LA_VEZ = 8


class Carga:
    """Altas y lecturas de canales por el gateway, sin reintentos: lo que falla, falla."""

    def __init__(self, gateway: str) -> None:
        self._url = f"{gateway}/canales"
        self._fin = threading.Event()
        self._hilos = [threading.Thread(target=self._usar) for _ in range(A_LA_VEZ)]
        self.estados: Counter[str] = Counter()
        self.confirmadas: set[str] = set()

    def __enter__(self) -> Self:
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        for hilo in self._hilos:
            hilo.join()

    @property
    def total(self) -> int:
        return self.estados.total()

    @property
    def fallidas(self) -> int:
        return self.total - self.estados["GET 200"] - self.estados["POST 201"]

    def resumen(self) -> str:
        malas = {clave: n for clave, n in self.estados.items() if clave not in ("GET 200", "POST 201")}
        return f"{self.total} peticiones, {self.fallidas} fallidas {malas or ''}"

    def _usar(self) -> None:
        sesion = requests.Session()
        while not self._fin.is_set():
            nombre = f"Ensayo {uuid.uuid4()}"
            alta = {"nombre": nombre, "tipo_servicio": "ensayo"}
            if self._pedir(sesion, "POST", "/cliente", json=alta) == "POST 201":
                self.confirmadas.add(nombre)
            self._pedir(sesion, "GET", "/clientes?page=1&per_page=5")

    def _pedir(self, sesion: requests.Session, metodo: str, ruta: str, **mas: object) -> str:
        try:
            respuesta = sesion.request(metodo, self._url + ruta, timeout=30, **mas)
            resultado = f"{metodo} {respuesta.status_code}"
        except requests.RequestException as fallo:
            resultado = f"{metodo} {type(fallo).__name__}"
        self.estados[resultado] += 1
        return resultado
