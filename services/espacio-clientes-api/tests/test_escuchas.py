"""El puerto lo abre quien lanza el proceso, como hace systemd, y el proceso lo hereda en el descriptor 3."""

import json
import os
import socket
import subprocess
import sys

PROGRAMA = """
import json, os, sys
os.environ["LISTEN_PID"] = str(os.getpid()) if sys.argv[1] == "mio" else "1"
from espacio_clientes.escuchas import heredadas
print(json.dumps([s.getsockname()[1] for s in heredadas() or ()]))
"""


def heredados_por(de_quien: str) -> tuple[list[int], int]:
    with socket.create_server(("127.0.0.1", 0)) as puerto:

        def como_systemd() -> None:
            os.dup2(puerto.fileno(), 3)

        orden = [sys.executable, "-c", PROGRAMA, de_quien]
        entorno = {**os.environ, "LISTEN_FDS": "1"}
        salida = subprocess.run(
            orden, env=entorno, preexec_fn=como_systemd, pass_fds=(3,), capture_output=True, check=True
        )
        return json.loads(salida.stdout), puerto.getsockname()[1]


def test_se_escucha_en_el_puerto_heredado():
    heredados, puerto = heredados_por("mio")
    assert heredados == [puerto]


def test_lo_que_heredo_otro_proceso_no_es_de_este():
    assert heredados_por("de otro")[0] == []
