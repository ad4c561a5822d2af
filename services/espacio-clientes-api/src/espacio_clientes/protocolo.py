"""Cómo lee el servidor cada conexión: con un plazo para la petición y un tope para sus cabeceras.

uvicorn no tiene ninguno de los dos: quien manda un byte de vez en cuando se queda la conexión, y una cabecera sin
fin, la memoria.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PLAZO = 10.0  # segundos para mandar la petición entera, como los demás servicios
CABECERAS = 65_536  # bytes, como en el gateway
_NO_CABEN = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Protocolo(HttpToolsProtocol):
    _plazo: asyncio.TimerHandle | None = None
    _sin_cabeceras, _recibido = True, 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._contar_el_tiempo()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._sin_cabeceras:
            self._recibido += len(data)
            if self._recibido > CABECERAS and not self.transport.is_closing():
                self.transport.write(_NO_CABEN)
                self.transport.close()

    def on_message_begin(self) -> None:
        self._contar_el_tiempo()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._sin_cabeceras, self._recibido = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._sin_cabeceras = True
        self._parar_el_tiempo()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._parar_el_tiempo()
        super().connection_lost(exc)

    def _contar_el_tiempo(self) -> None:
        self._parar_el_tiempo()
        self._plazo = self.loop.call_later(PLAZO, self.transport.close)

    def _parar_el_tiempo(self) -> None:
        if self._plazo:
            self._plazo.cancel()
            self._plazo = None
