"""Eventos de otros servicios que interesan aquí: ninguno todavía."""

from __future__ import annotations

from chasis.eventos import Manejador

MANEJADORES: tuple[Manejador, ...] = ()
