"""Un cable que se puede estropear: un proxy TCP que corta, calla, tarda o rechaza cuando se le pide."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from typing import Literal, Self

Averia = Literal["ninguna", "cortar", "rechazar", "tardar", "callar"]
TROZO = 512  # bytes: casi toda respuesta son varios, y se puede cortar por el medio
TARDANZA = 1.5  # segundos que tarda cada respuesta


class Proxy:
    """Con `with`: escucha en `puerto` y lleva cada conexión a `destino`, según la avería de cada momento.

    `cortar`: la conexión se rompe (RST) a mitad de la respuesta. `rechazar`: se rompe nada más abrirla. `tardar`:
    cada respuesta llega tarde. `callar`: la conexión sigue abierta, pero no pasa nada en ningún sentido.
    """

    def __init__(self, destino: int) -> None:
        self.destino = destino
        self.averia: Averia = "ninguna"
        self._escucha = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.puerto: int = self._escucha.getsockname()[1]
        self._bucle = asyncio.new_event_loop()
        self._hilo = threading.Thread(target=self._bucle.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._hilo.start()
        servir = asyncio.start_server(self._atender, sock=self._escucha)
        self._servidor = asyncio.run_coroutine_threadsafe(servir, self._bucle).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._soltar(), self._bucle).result(10)
        self._bucle.call_soon_threadsafe(self._bucle.stop)
        self._hilo.join(10)
        self._bucle.close()

    async def _soltar(self) -> None:
        self._servidor.close()
        otras = asyncio.all_tasks() - {asyncio.current_task()}
        for tarea in otras:
            tarea.cancel()
        await asyncio.wait(otras or {asyncio.ensure_future(asyncio.sleep(0))})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"

    async def _atender(self, lee: asyncio.StreamReader, escribe: asyncio.StreamWriter) -> None:
        if self.averia == "rechazar":
            return _romper(escribe)
        try:
            del_otro, al_otro = await asyncio.open_connection("127.0.0.1", self.destino)
        except OSError:
            return _romper(escribe)
        sentidos = [
            asyncio.ensure_future(self._llevar(lee, al_otro, de_vuelta=False)),
            asyncio.ensure_future(self._llevar(del_otro, escribe, de_vuelta=True)),
        ]
        await asyncio.wait(sentidos, return_when=asyncio.FIRST_COMPLETED)
        for sentido in sentidos:
            sentido.cancel()
        for extremo in (escribe, al_otro):
            if self.averia in ("cortar", "rechazar"):
                _romper(extremo)
            else:
                extremo.close()
        return None

    async def _llevar(
        self, lee: asyncio.StreamReader, escribe: asyncio.StreamWriter, *, de_vuelta: bool
    ) -> None:
        with suppress(OSError):
            while trozo := await lee.read(TROZO):
                while self.averia == "callar":  # noqa: ASYNC110 — la cambia otro hilo
                    await asyncio.sleep(0.1)
                if self.averia == "cortar" and de_vuelta:
                    escribe.write(trozo[: len(trozo) // 2])
                    await escribe.drain()
                    return
                if self.averia == "tardar" and de_vuelta:
                    await asyncio.sleep(TARDANZA)
                escribe.write(trozo)
                await escribe.drain()


def _romper(extremo: asyncio.StreamWriter) -> None:
    """Cierra con RST, como un cable cortado o un proceso muerto, y no con la despedida de TCP."""
    conexion: socket.socket | None = extremo.get_extra_info("socket")
    if conexion is not None:
        with suppress(OSError):
            conexion.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    extremo.transport.abort()
