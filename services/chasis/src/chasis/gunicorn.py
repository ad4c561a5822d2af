"""Configuración de gunicorn de todos los servicios: `gunicorn -c python:chasis.gunicorn app:app`."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

# Antes de importar nada que cuente: cada proceso deja ahí sus métricas y cualquiera de ellos las suma.
_propias = "" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else tempfile.mkdtemp(prefix="metricas-")
_metricas = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _propias))
_metricas.mkdir(parents=True, exist_ok=True)

# Lo pesado se importa una vez aquí y los procesos lo heredan: arrancan antes y comparten memoria. Solo módulos:
# la aplicación, con sus conexiones, nace en cada proceso (nunca `preload_app`).
from prometheus_client import multiprocess  # noqa: E402

import chasis.precarga  # noqa: E402, F401
from chasis import retirada  # noqa: E402

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "chasis.paciencia.Paciente"
workers = int(os.environ.get("WEB_PROCESOS", "2"))
threads = int(os.environ.get("WEB_HILOS", "8"))
# Sin esto las conexiones largas pueden quedarse todas en un solo proceso. Con systemd el puerto ya viene abierto.
reuse_port = "LISTEN_FDS" not in os.environ
keepalive = 95  # más que los 90 s de Traefik, para que nunca sea este lado quien corte primero
graceful_timeout = 20
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — no se escribe nada legible
loglevel = "warning"


def when_ready(servidor: Any) -> None:
    """Lo último antes de que nazcan los procesos; ya se atienden las señales."""
    # SIGTERM pasa a anunciar la salida antes de salir.
    retirada.aplazar(lambda: servidor.SIG_QUEUE.put_nowait(signal.SIGTERM))
    # La recogida de basura escribe en cada objeto que mira: lo cargado hasta aquí dejaría de compartirse.
    gc.freeze()


def child_exit(_: Any, worker: Any) -> None:
    """Cierra las métricas del proceso que termina."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_: Any) -> None:
    if _propias:
        shutil.rmtree(_propias, ignore_errors=True)
