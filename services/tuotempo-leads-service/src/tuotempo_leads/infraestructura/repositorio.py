"""Consultas de contactos y de lo que les pasa. Cada función recibe la conexión de la transacción en curso."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import cambios_de_estado, leads, llamadas, rellamadas

_POR_TANDA = 500
# Las consultas que no cambian se construyen una vez: montarlas cuesta tanto como ejecutarlas.
_POR_TELEFONO = (
    sa.select(
        *(leads.c.id, leads.c.nombre, leads.c.apellidos, leads.c.conPack),
        *(leads.c.status_level_1, leads.c.status_level_2, leads.c.version),
        *(leads.c.telefono, leads.c.call_attempts_count, leads.c.agente_id),
    )
    .where(leads.c.telefono_norm == sa.bindparam("telefono"))
    .order_by(leads.c.id)
)
_PARA_CAMBIAR = _POR_TELEFONO.with_for_update()
_INTENTO = (
    sa.update(leads)
    .where(leads.c.id == sa.bindparam("un_lead"))
    .values(call_attempts_count=leads.c.call_attempts_count + 1)
)
_LLAMADA = sa.insert(llamadas)
_CAMBIO_DE_ESTADO = sa.insert(cambios_de_estado)
_PENDIENTE = rellamadas.c.pendiente_de == sa.bindparam("un_lead")
_CERRAR = sa.update(rellamadas).where(_PENDIENTE).values(pendiente_de=None)
_RELLAMADA = sa.insert(rellamadas)
_PUBLICAS = (
    *(leads.c.id, leads.c.nombre, leads.c.apellidos, leads.c.telefono, leads.c.cita, leads.c.conPack),
    *(leads.c.resultado_llamada, leads.c.status_level_1, leads.c.status_level_2),
    *(leads.c.telefono2, leads.c.codigo_postal),
)


def de_telefono(conexion: sa.Connection, telefono: str, *, para_cambiar: bool = False) -> list[Any]:
    """Contactos de un teléfono ya normalizado, por id; bloqueados hasta el final si se van a cambiar."""
    consulta = _PARA_CAMBIAR if para_cambiar else _POR_TELEFONO
    return list(conexion.execute(consulta, {"telefono": telefono}).all())


def anotar_intento(conexion: sa.Connection, lead_id: int, momento: datetime, valores: dict[str, Any]) -> None:
    """Cambia un contacto al que se acaba de llamar."""
    horas = dict.fromkeys(("call_time", "last_call_attempt", "updated_at"), momento)
    conexion.execute(_INTENTO, {"un_lead": lead_id, **horas, **valores})


def anotar_llamada(conexion: sa.Connection, valores: dict[str, Any]) -> int:
    clave = conexion.execute(_LLAMADA, valores).inserted_primary_key
    assert clave is not None  # noqa: S101 — un alta con clave autonumérica siempre la devuelve
    return int(clave[0])


def anotar_cambio_de_estado(conexion: sa.Connection, valores: dict[str, Any]) -> None:
    conexion.execute(_CAMBIO_DE_ESTADO, valores)


def cerrar_rellamada(conexion: sa.Connection, lead_id: int, estado: str, momento: datetime) -> None:
    conexion.execute(_CERRAR, {"un_lead": lead_id, "estado": estado, "cerrada_en": momento})


def programar_rellamada(conexion: sa.Connection, lead_id: int, valores: dict[str, Any]) -> None:
    fijos = {"lead_id": lead_id, "pendiente_de": lead_id, "estado": "pendiente"}
    conexion.execute(_RELLAMADA, fijos | valores)


def lista_de_resultados(resultado: str | None, canonico: str | None) -> sa.Select[Any]:
    """Contactos por id; con `resultado`, los que lo tienen en `resultado_llamada` o en uno de los dos niveles."""
    consulta = sa.select(*_PUBLICAS).order_by(leads.c.id)
    if resultado is None:
        return consulta
    buscados = (resultado.lower(), (canonico or resultado).lower())
    columnas = (leads.c.resultado_llamada, leads.c.status_level_1, leads.c.status_level_2)
    return consulta.where(sa.or_(*(sa.func.lower(columna).in_(buscados) for columna in columnas)))


def contar(conexion: sa.Connection, lista: sa.Select[Any]) -> int:
    consulta = sa.select(sa.func.count()).select_from(lista.order_by(None).subquery())
    return conexion.execute(consulta).scalar_one()


def recorrer(conexion: sa.Connection, lista: sa.Select[Any]) -> Iterator[dict[str, Any]]:
    """Filas de la lista, traídas por tandas del servidor: la memoria no crece con la tabla."""
    for tanda in conexion.execution_options(yield_per=_POR_TANDA).execute(lista).partitions():
        yield from (dict(zip(map(str, fila._fields), fila, strict=True)) for fila in tanda)
