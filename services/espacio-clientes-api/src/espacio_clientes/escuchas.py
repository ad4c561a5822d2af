"""Puertos que abre systemd y el proceso hereda: un relevo escucha en el mismo que el proceso al que releva."""

from __future__ import annotations

import os
import socket

_PRIMERO = 3  # sd_listen_fds(3): los descriptores heredados van seguidos a partir de este


def heredadas() -> list[socket.socket] | None:
    """Los sockets que dejó systemd para este proceso, o `None` si tiene que abrir él su puerto."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    cuantos = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=descriptor) for descriptor in range(_PRIMERO, _PRIMERO + cuantos)] or None
