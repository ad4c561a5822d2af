"""`python -m espacio_clientes`: el servidor como lo lanza `make run`, con el puerto y la dirección del entorno."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from chasis.retirada import aplazar
from espacio_clientes.arranque import crear_app
from espacio_clientes.config.settings import Ajustes


def main() -> None:
    ajustes = Ajustes.cargar()
    servidor = Servidor(configuracion(ajustes))
    servidor.run()


class Servidor(uvicorn.Server):
    """El de siempre, que antes de parar anuncia que se va."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            aplazar(lambda: self.handle_exit(signal.SIGTERM, None))
            yield


def configuracion(ajustes: Ajustes) -> uvicorn.Config:
    return uvicorn.Config(
        crear_app(ajustes, en_segundo_plano=True),
        host=ajustes.anfitrion,
        port=ajustes.puerto,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=95,  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
        timeout_graceful_shutdown=15,
    )


if __name__ == "__main__":
    main()
