"""storage_service por HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import requests

from chasis.cliente_http import ClienteHttp
from chasis.errores import NoDisponible, NoEncontrado, PeticionInvalida, PrecondicionFallida
from customer_service.dominio.cliente import Documento

SIN_ALMACEN = "Servicio de almacenamiento no disponible"


class AlmacenHttp:
    """Documentos en storage_service; la versión de cada uno es su ETag."""

    def __init__(self, url: str) -> None:
        self._http = ClienteHttp(url, SIN_ALMACEN)

    def leer(self, nombre: str) -> tuple[Documento, str]:
        respuesta = self._http.pedir("GET", f"/archivos/{_codificar(nombre)}")
        if respuesta.status_code == 404:
            raise NoEncontrado("Cliente no encontrado")
        _exigir(respuesta, 200)
        return respuesta.json(), respuesta.headers["ETag"]

    def crear(self, documento: Documento, operacion: str | None) -> None:
        self._guardar(documento, {"If-None-Match": "*"}, operacion)

    def reemplazar(self, documento: Documento, version: str, operacion: str | None) -> None:
        self._guardar(documento, {"If-Match": version}, operacion)

    def listar(self, consulta: Mapping[str, str]) -> requests.Response:
        """La lista tal como la da storage_service, sin leer: quien la pide la retransmite y la cierra."""
        respuesta = self._http.pedir("GET", f"/archivos?{urlencode(consulta)}", flujo=True)
        _exigir(respuesta, 200)
        return respuesta

    def comprobar(self) -> None:
        self._http.comprobar()

    def _guardar(self, documento: Documento, condicion: dict[str, str], operacion: str | None) -> None:
        clave = {"Idempotency-Key": operacion} if operacion else {}
        respuesta = self._http.pedir("POST", "/archivos", json=documento, cabeceras={**condicion, **clave})
        if respuesta.status_code == 412:
            raise PrecondicionFallida("Precondición fallida")
        if operacion and respuesta.status_code == 422:
            return  # esta operación ya se aplicó, sobre una versión anterior del documento
        _exigir(respuesta, 201)


def _exigir(respuesta: requests.Response, estado: int) -> None:
    if respuesta.status_code == estado:
        return
    if respuesta.status_code in (400, 413):
        raise PeticionInvalida(str(respuesta.json().get("error", "Petición inválida")))
    raise NoDisponible(SIN_ALMACEN)


def _codificar(nombre: str) -> str:
    # El punto también: «..» como segmento de ruta se perdería por el camino.
    return quote(nombre, safe="").replace(".", "%2E")
