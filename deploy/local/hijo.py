"""Ejecuta una orden que muere con quien la lanzó: `python hijo.py orden argumentos…`.

Ningún gestor de procesos evita los huérfanos si él mismo recibe SIGKILL; `PR_SET_PDEATHSIG` sí (solo Linux).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def morir_con_quien_lo_lanzo() -> None:
    """Desde ahora este proceso recibe SIGTERM si muere su padre; fuera de Linux, no cambia nada."""
    padre = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != padre:  # murió antes de que pudiéramos pedir el aviso
        sys.exit(1)


def main() -> None:
    morir_con_quien_lo_lanzo()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 — sustituir este proceso es justo lo que se quiere


if __name__ == "__main__":
    main()
