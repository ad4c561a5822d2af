"""Configuración de gunicorn de todos los servicios: `gunicorn -c python:chasis.gunicorn app:app`."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

# Lo pesado se importa una vez aquí y los procesos lo heredan: arrancan antes y comparten memoria. Solo módulos:
# la aplicación, con sus conexiones, nace en cada proceso (nunca `preload_app`).
import chasis.precarga  # noqa: F401

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
chdir = str(Path.cwd())  # si no, la carpeta en la que se importó gunicorn
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESOS", "2"))
threads = int(os.environ.get("WEB_HILOS", "8"))
reuse_port = True  # sin esto las conexiones largas pueden quedarse todas en un solo proceso
keepalive = 95  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
graceful_timeout = 20
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — no se escribe nada legible
loglevel = "warning"


def when_ready(_: Any) -> None:
    """Deja lo cargado fuera de la recogida de basura: escribe en cada objeto, y dejaría de compartirse."""
    gc.freeze()


def child_exit(_: Any, worker: Any) -> None:
    """Cierra las métricas del proceso que termina."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
