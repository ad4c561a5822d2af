"""Eventos que no se pierden ni se aplican dos veces: outbox, relay, inbox y dos transportes (HTTP y Pulsar)."""

from chasis.eventos.outbox import emitir
from chasis.eventos.recepcion import Manejador
from chasis.eventos.servicio import Eventos
from chasis.eventos.sobre import Evento

__all__ = ["Evento", "Eventos", "Manejador", "emitir"]
