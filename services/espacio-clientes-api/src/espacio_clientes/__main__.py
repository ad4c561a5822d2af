"""`python -m espacio_clientes`: el servidor como lo lanza `make run`, con el puerto y la dirección del entorno."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from chasis.retirada import aplazar
from espacio_clientes.arranque import crear_app
from espacio_clientes.config.settings import Ajustes
from espacio_clientes.escuchas import heredadas
from espacio_clientes.protocolo import Protocolo

DESPEDIDA = 2.0  # segundos, los mismos que gunicorn


def main() -> None:
    ajustes = Ajustes.cargar()
    configuracion = uvicorn.Config(
        crear_app(ajustes, en_segundo_plano=True),
        host=ajustes.anfitrion,
        port=ajustes.puerto,
        http=Protocolo,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=95,  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
        timeout_graceful_shutdown=15,
    )
    Servidor(configuracion).run(heredadas())


class Servidor(uvicorn.Server):
    """El de siempre, que al irse avisa y no corta conexiones: contesta otra vez en cada una y dice que la cierra."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            aplazar(lambda: self.handle_exit(signal.SIGTERM, None))
            yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for escucha in self.servers:
            escucha.close()
        cerrar = (b"connection", b"close")
        self.server_state.default_headers = [*self.server_state.default_headers, cerrar]
        await asyncio.sleep(DESPEDIDA)
        await super().shutdown(sockets)


if __name__ == "__main__":
    main()
