"""Cliente HTTP hacia otro servicio: conexiones reutilizadas, plazos, un reintento de GET y un circuit breaker.

Un fallo es no contestar a tiempo o contestar 5xx; con `FALLOS` seguidos el circuito se abre y durante
`REPOSO` segundos se contesta 503 al instante, sin esperar a nadie.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import orjson
import requests
from circuitbreaker import CircuitBreaker, CircuitBreakerError
from requests.adapters import HTTPAdapter

from chasis import contexto, trazas
from chasis.errores import NoDisponible

CONEXION, LECTURA = 1.0, 3.0  # segundos
PLAZO = 3.8  # segundos para todo, reintento incluido: quien llama contesta en menos de 4
COMPROBACION = (0.5, 0.7)  # menos de lo que espera quien pregunta por nuestra propia salud
FALLOS, REPOSO = 5, 10


class _FalloDelServicio(Exception):
    """El otro lado contestó 5xx."""


class ClienteHttp:
    """Habla con el servicio que vive en `base`; `texto_caido` es lo que verá el usuario si no contesta."""

    def __init__(self, base: str, texto_caido: str) -> None:
        self._base = base.rstrip("/")
        self._texto_caido = texto_caido
        self._sesion = requests.Session()
        self._sesion.trust_env = False
        self._sesion.mount(self._base, HTTPAdapter(pool_maxsize=16))  # más que hilos tiene un proceso
        fallos = (requests.RequestException, _FalloDelServicio)
        self._destino = {"server.address": urlsplit(base).netloc}
        self._breaker = CircuitBreaker(FALLOS, REPOSO, expected_exception=fallos, name=urlsplit(base).netloc)

    def pedir(
        self,
        metodo: str,
        ruta: str,
        *,
        json: object = None,
        cabeceras: Mapping[str, str] | None = None,
        flujo: bool = False,
    ) -> requests.Response:
        """Hace la llamada y devuelve la respuesta (menor que 500), o lanza `NoDisponible`.

        `ruta` va ya codificada. Con `flujo` el cuerpo queda sin leer, para retransmitirlo por trozos.
        """
        peticion, limite = self._preparar(metodo, ruta, json, cabeceras), time.monotonic() + PLAZO
        try:
            try:
                return self._intentar(peticion, limite, flujo)
            except (requests.ConnectionError, _FalloDelServicio):
                if metodo != "GET" or limite - time.monotonic() < CONEXION:
                    raise
                return self._intentar(peticion, limite, flujo)
        except CircuitBreakerError:
            raise NoDisponible(self._texto_caido, espera=math.ceil(self._breaker.open_remaining)) from None
        except (requests.RequestException, _FalloDelServicio) as fallo:
            raise NoDisponible(self._texto_caido) from fallo

    def comprobar(self) -> None:
        """Comprobación de salud; no cuenta para el breaker."""
        self._sesion.get(self._base + "/health/live", timeout=COMPROBACION).raise_for_status()

    def _preparar(
        self, metodo: str, ruta: str, json: object, cabeceras: Mapping[str, str] | None
    ) -> requests.PreparedRequest:
        datos = None if json is None else orjson.dumps(json)
        tipo = {} if json is None else {"Content-Type": "application/json"}
        todas = {**tipo, **(cabeceras or {})}
        sin_ruta = requests.Request(metodo, self._base, headers=todas, data=datos)
        preparada = self._sesion.prepare_request(sin_ruta)
        # requests colapsaría `%2E%2E` en la ruta; un nombre puede ser «..», así que la dirección va tal cual.
        preparada.url = self._base + ruta
        return preparada

    def _intentar(self, peticion: requests.PreparedRequest, limite: float, flujo: bool) -> requests.Response:
        if self._breaker.opened:
            raise CircuitBreakerError(self._breaker)
        with self._breaker, trazas.tramo(str(peticion.method), "CLIENT", **self._destino):
            peticion.headers.update(contexto.cabeceras())
            plazos = CONEXION, max(0.1, min(LECTURA, limite - time.monotonic()))
            respuesta = self._sesion.send(peticion, timeout=plazos, allow_redirects=False, stream=flujo)
            if respuesta.status_code >= 500:
                raise _FalloDelServicio(respuesta.status_code)
            return respuesta
