"""Configuración de gunicorn de todos los servicios: `gunicorn -c python:chasis.gunicorn app:app`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Lo pesado se importa una vez aquí y los procesos lo heredan: arrancan antes y comparten memoria. Solo módulos:
# la aplicación, con sus conexiones, nace en cada proceso (nunca `preload_app`).
import chasis.migraciones
import chasis.web  # noqa: F401

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESOS", "2"))
threads = int(os.environ.get("WEB_HILOS", "8"))
# Sin esto las conexiones largas pueden quedarse todas en un solo proceso. Con systemd el puerto ya viene abierto.
reuse_port = "LISTEN_FDS" not in os.environ
keepalive = 95  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
graceful_timeout = 20
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — no se escribe nada legible
loglevel = "warning"


def child_exit(_: Any, worker: Any) -> None:
    """Cierra las métricas del proceso que termina."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
