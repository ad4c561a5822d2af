"""Lo que se mira antes de arrancar: que no esté ya en marcha y que sus puertos estén libres."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence

from procesos import GATEWAY, GATEWAY_INTERNO, TODOS, Proceso, carpeta_de_datos
from vivo import pid_del_supervisor


def exigir_libres() -> None:
    """Si no puede arrancar, termina diciendo por qué y cómo arreglarlo."""
    if pid_del_supervisor(carpeta_de_datos()):
        raise SystemExit(
            f"Centralita ya está en marcha desde esta carpeta: {GATEWAY.url}/\n"
            "`make status` dice cómo está y `make stop` la detiene."
        )
    ocupados = [proceso for proceso in (*TODOS, GATEWAY_INTERNO) if _ocupado(proceso.puerto)]
    for proceso in ocupados:
        print(f"El puerto {proceso.puerto} ({proceso.nombre}) está ocupado.", file=sys.stderr)
    if ocupados:
        raise SystemExit(_como_moverlos(ocupados))


def _como_moverlos(ocupados: Sequence[Proceso]) -> str:
    """En `.env`, y no en la orden: así lo saben también `make datos-demo` y las demás."""
    elegidos = {proceso.puerto for proceso in (*TODOS, GATEWAY_INTERNO)}
    cambios = []
    for proceso in ocupados:
        nuevo = next(p for p in range(proceso.puerto + 100, 65536) if p not in elegidos and not _ocupado(p))
        elegidos.add(nuevo)
        cambios.append(f"{proceso.variable}={nuevo}")
    return (
        "Si lo tiene otra Centralita, párala con `make stop` en su carpeta. Si no, muévelo y vuelve a intentarlo:\n\n"
        f"  printf '%s\\n' {' '.join(cambios)} >> .env\n"
    )


def _ocupado(puerto: int) -> bool:
    with socket.socket() as prueba:
        prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prueba.bind((os.environ.get("HOST") or "127.0.0.1", puerto))
        except OSError:
            return True
    return False
