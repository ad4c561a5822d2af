"""`python -m espacio_clientes`: el servidor como lo lanza `make run`, con el puerto y la dirección del entorno."""

from __future__ import annotations

import uvicorn

from chasis.escuchas import heredadas
from espacio_clientes.arranque import crear_app
from espacio_clientes.config.settings import Ajustes


def main() -> None:
    ajustes = Ajustes.cargar()
    configuracion = uvicorn.Config(
        crear_app(ajustes, en_segundo_plano=True),
        host=ajustes.anfitrion,
        port=ajustes.puerto,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=95,  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
        timeout_graceful_shutdown=15,
    )
    uvicorn.Server(configuracion).run(heredadas())


if __name__ == "__main__":
    main()
