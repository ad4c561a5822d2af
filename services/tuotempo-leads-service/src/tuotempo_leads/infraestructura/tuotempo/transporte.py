"""Una petición a TuoTempo y su respuesta, pase lo que pase siempre un objeto.

No se usa `chasis.cliente_http`: está hecho para servicios de casa que contestan en menos de 4 segundos, y TuoTempo
tarda hasta 16 y se rinde a los 25; además allí un 5xx es siempre un fallo, y aquí puede traer una respuesta legible.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import orjson
import requests
import structlog
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from chasis import contexto, trazas
from tuotempo_leads.infraestructura.tuotempo.fallos import (
    ILEGIBLE,
    SIN_CONEXION,
    SIN_RESPUESTA,
    es_reintentable,
    local,
)

Objeto = dict[str, Any]

CONEXION = 5.0  # segundos para abrir la conexión
PAUSA = 0.2  # segundos entre una lectura fallida y su repetición
MAXIMO = 20 * 1024 * 1024  # bytes; el catálogo entero ocupa 350 kB
_TROZO = 64 * 1024
_TIPO = {"content-type": "application/json; charset=UTF-8"}

registro = structlog.get_logger()


class _DemasiadoGrande(requests.RequestException):
    """El cuerpo pasa de `MAXIMO`."""


class Transporte:
    """Conexiones que se reutilizan, también desde varios hilos; se puede compartir entre clientes."""

    def __init__(self, plazo: float, *, conexiones: int = 16) -> None:
        """`plazo` son los segundos que se espera cada respuesta entera."""
        self._plazo = plazo
        self._sesion = requests.Session()
        self._sesion.trust_env = False  # ni .netrc ni proxies: solo se envía la clave que se dice
        for esquema in ("http://", "https://"):
            self._sesion.mount(esquema, HTTPAdapter(pool_maxsize=conexiones))

    def cerrar(self) -> None:
        """Cierra las conexiones que sigan abiertas."""
        self._sesion.close()

    def pedir(
        self,
        metodo: str,
        raiz: str,
        ruta: str,
        *,
        consulta: Mapping[str, str],
        cuerpo: object = None,
        clave: str = "",
    ) -> Objeto:
        """La respuesta tal como llegó o, si no la hubo, un objeto con `result: "ERROR"` (véase `fallos.local`).

        Solo se repite, una vez, un GET que no llegó o trajo algo ilegible: repetir un POST podría reservar dos veces.
        """
        cabeceras = dict(_TIPO)
        if clave:
            cabeceras["Authorization"] = f"Bearer {clave}"
        datos = None if cuerpo is None else orjson.dumps(cuerpo)
        preparada = self._sesion.prepare_request(
            requests.Request(metodo, f"{raiz}/{ruta}", params=dict(consulta), headers=cabeceras, data=datos)
        )
        respuesta = self._intentar(preparada, ruta)
        if metodo == "GET" and es_reintentable(respuesta):
            time.sleep(PAUSA)
            respuesta = self._intentar(preparada, ruta)
        return respuesta

    def _intentar(self, peticion: requests.PreparedRequest, ruta: str) -> Objeto:
        inicio = time.monotonic()
        con_efecto = peticion.method != "GET"
        estado = 0
        try:
            with closing(self._enviar(peticion)) as llegada:
                estado = llegada.status_code
                respuesta = _interpretar(estado, _leer(llegada, inicio + self._plazo), con_efecto)
        except requests.ConnectTimeout:
            respuesta = local(SIN_CONEXION, "ConnectTimeout")
        except (requests.Timeout, ReadTimeoutError, TimeoutError):
            respuesta = local(SIN_RESPUESTA, "Plazo agotado", incierto=con_efecto)
        except requests.ConnectionError as fallo:
            respuesta = _sin_conexion(fallo, con_efecto)
        except (requests.RequestException, HTTPError) as fallo:  # se cortó, no cabe o no se descomprime
            respuesta = local(ILEGIBLE, type(fallo).__name__, incierto=con_efecto)
        # Ni la consulta ni los cuerpos: llevan datos personales. De la clave, ni su existencia.
        registro.info(
            "tuotempo",
            metodo=peticion.method,
            ruta=ruta,
            estado=estado,
            resultado=respuesta.get("result"),
            codigo=respuesta.get("exception"),
            ms=round((time.monotonic() - inicio) * 1000, 1),
        )
        return respuesta

    def _enviar(self, peticion: requests.PreparedRequest) -> requests.Response:
        espera = (min(CONEXION, self._plazo), self._plazo)
        with trazas.tramo(str(peticion.method), "CLIENT", servidor="TuoTempo") as tramo:
            peticion.headers.update(contexto.cabeceras())
            respuesta = self._sesion.send(peticion, timeout=espera, allow_redirects=False, stream=True)
            if tramo:
                tramo.set_attribute("http.response.status_code", respuesta.status_code)
            return respuesta


def _leer(llegada: requests.Response, limite: float) -> bytes:
    """El cuerpo entero. El plazo de requests vale para cada lectura; este, para todas juntas."""
    cuerpo = bytearray()
    # `iter_content` esperaría a llenar cada trozo: quien contesta a gotas nos tendría parados para siempre.
    while trozo := llegada.raw.read1(_TROZO, decode_content=True):
        cuerpo += trozo
        if len(cuerpo) > MAXIMO:
            raise _DemasiadoGrande
        if time.monotonic() > limite:
            raise TimeoutError
    return bytes(cuerpo)


def _interpretar(estado: int, cuerpo: bytes, con_efecto: bool) -> Objeto:
    """Lo que cuenta es el cuerpo: TuoTempo da sus excepciones con cualquier estado HTTP."""
    try:
        respuesta = orjson.loads(cuerpo)
    except orjson.JSONDecodeError:
        respuesta = None
    aceptable = isinstance(respuesta, dict) and (estado < 300 or respuesta.get("result") == "EXCEPTION")
    if not aceptable:
        incierto = con_efecto and (estado < 300 or estado >= 500)
        return local(ILEGIBLE, f"HTTP {estado}", incierto=incierto)
    objeto: Objeto = respuesta
    if con_efecto and objeto.get("exception") == "PORTAL_TIMEOUT":
        objeto["outcome_unknown"] = True  # el portal se cansó de esperar a la clínica, que quizá sí reservó
    return objeto


def _sin_conexion(fallo: requests.ConnectionError, con_efecto: bool) -> Objeto:
    """Si la conexión ni se abrió, la petición no salió de aquí; si se cortó después, no se sabe qué fue de ella."""
    razon = getattr(fallo.args[0], "reason", None) if fallo.args else None
    no_salio = isinstance(razon, NewConnectionError) or isinstance(fallo, requests.exceptions.SSLError)
    return local(SIN_CONEXION, type(razon or fallo).__name__, incierto=con_efecto and not no_salio)
