"""Lo que `arranque` junta y las rutas usan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from chasis.bd import BaseDeDatos
from chasis.eventos import Eventos
from espacio_clientes.api.auth import Firmante
from espacio_clientes.aplicacion.conciliacion import Conciliador
from espacio_clientes.aplicacion.pagos import Pagos
from espacio_clientes.config.settings import Ajustes
from espacio_clientes.puertos import Deudas


@dataclass(frozen=True)
class Piezas:
    ajustes: Ajustes
    bd: BaseDeDatos
    eventos: Eventos
    deudas: Deudas
    pagos: Pagos
    conciliador: Conciliador
    firmante: Firmante
    turnos_de_entrada: CapacityLimiter


async def piezas(peticion: Request) -> Piezas:
    reunidas: Piezas = peticion.app.state.piezas
    return reunidas


ConPiezas = Annotated[Piezas, Depends(piezas)]
