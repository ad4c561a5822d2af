"""Dar leads a un agente, muchos de una vez, y deshacerlo. Con el lead va la rellamada que tenga pendiente."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select

from chasis.errores import Conflicto, PeticionInvalida
from chasis.eventos.sobre import uuid7
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import cola, repartos


@dataclass(frozen=True)
class Reparto:
    """De `elegidos` leads, los que cambian de agente (`dados`) y los que no (`excluidos`); el resto ya eran suyos."""

    lote: str
    elegidos: int
    dados: int
    excluidos: int


def repartir(
    conexion: Connection, elegidos: Select[Any], agente_id: int | None, usuario_id: int | None
) -> Reparto:
    """Da a un agente (o a nadie) los leads de la consulta de ids; los excluidos se quedan como están."""
    if agente_id is not None and not cola.existe_agente(conexion, agente_id):
        raise PeticionInvalida("Ese agente no existe o está desactivado", campo="agente")
    todos, excluidos = repartos.recuento(conexion, elegidos)
    lote = uuid7()
    valores = {"lote": lote, "momento": ahora(), "usuario_id": usuario_id, "a_agente_id": agente_id}
    repartos.empezar(conexion, valores)
    repartos.apuntar(conexion, lote, elegidos, agente_id)
    return Reparto(lote, todos, repartos.cumplir(conexion, lote), excluidos)


def repartir_rellamadas(
    conexion: Connection, ids: Sequence[int], agente_id: int | None, usuario_id: int | None
) -> Reparto:
    """Lo mismo con los leads de esas rellamadas, de las que sigan pendientes."""
    if not ids:
        raise PeticionInvalida("Marca al menos una rellamada", campo="rellamadas")
    return repartir(conexion, cola.leads_de(ids), agente_id, usuario_id)


def deshacer(conexion: Connection, lote: str, usuario_id: int | None) -> int:
    """Devuelve los leads de un reparto a quien los tenía, salvo los que ya han cambiado otra vez, y dice cuántos."""
    momento, vuelta = ahora(), uuid7()
    if not repartos.dar_por_deshecho(conexion, lote, momento):
        raise Conflicto("Ese reparto no existe o ya se había deshecho")
    repartos.empezar(
        conexion, {"lote": vuelta, "momento": momento, "usuario_id": usuario_id, "deshace": lote}
    )
    repartos.apuntar_vuelta(conexion, vuelta, lote)
    return repartos.cumplir(conexion, vuelta)
