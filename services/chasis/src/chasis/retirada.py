"""Salir sin cortar a nadie: tras SIGTERM, el proceso sigue atendiendo `RETIRADA` segundos mientras dice que se va.

`/health/live` contesta 503 desde ese momento: quien reparte las peticiones deja de mandarlas y, cuando el proceso
para de verdad, no queda ninguna a medias.
"""

from __future__ import annotations

import mmap
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

SEGUNDOS = float(os.environ.get("RETIRADA", "0"))

# Memoria compartida: el aviso llega al proceso principal de gunicorn y quien contesta son sus hijos. No existe hasta
# que ese proceso la pide: varios servicios pueden haber nacido del mismo, que ya había importado esto.
_aviso: list[mmap.mmap] = []


def en_retirada() -> bool:
    """Verdadero entre SIGTERM y la parada."""
    return bool(_aviso) and _aviso[0][0] != 0


def aplazar(parar: Callable[[], Any]) -> None:
    """Desde ahora SIGTERM solo avisa, y `parar` se llama pasado el plazo; sin plazo, no cambia nada."""
    if not SEGUNDOS:
        return
    aviso = mmap.mmap(-1, 1)
    _aviso.append(aviso)

    def retirarse(*_: Any) -> None:
        aviso[0] = 1
        threading.Timer(SEGUNDOS, parar).start()

    signal.signal(signal.SIGTERM, retirarse)
