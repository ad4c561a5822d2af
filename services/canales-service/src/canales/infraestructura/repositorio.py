"""Consultas de clientes y canales, en la transacción de la conexión que reciben; cada fila es ya el objeto de la API.

Las `lista_de_…` son consultas sin ejecutar: las ejecutan `contar` y `recorrer`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from canales.infraestructura.tablas import canales, clientes, referencias

_POR_TANDA = 500
_MAYOR_ID = 2**63 - 1

_CLIENTE = (clientes.c.id, clientes.c.nombre, clientes.c.tipo_servicio)
_CANAL = (canales.c.id, canales.c.tipo, canales.c.contenido, canales.c.timestamp)
_MENSAJE = (*_CANAL, canales.c.cliente_id)

# Las consultas que no cambian se construyen una vez: montarlas cuesta tanto como ejecutarlas.
_ALTA_CLIENTE = sa.insert(clientes)
_ALTA_CANAL = sa.insert(canales)
_UN_CLIENTE = sa.select(*_CLIENTE).where(clientes.c.id == sa.bindparam("id"))


@dataclass(frozen=True)
class Filtro:
    """Qué parte de una lista se pide: días de alta, ambos incluidos (UTC), y sentido del orden por id."""

    desde: date | None = None
    hasta: date | None = None
    descendente: bool = False


def insertar_cliente(conexion: sa.Connection, nombre: str, tipo_servicio: str, creado_en: datetime) -> int:
    """Su id; `creado_en` es UTC sin zona, como todas las horas de aquí."""
    valores = {"nombre": nombre, "tipo_servicio": tipo_servicio, "creado_en": creado_en}
    return _id_nuevo(conexion.execute(_ALTA_CLIENTE, valores))


def insertar_canal(
    conexion: sa.Connection, tipo: str, contenido: str, cliente_id: int, timestamp: datetime
) -> int:
    valores = {"tipo": tipo, "contenido": contenido, "cliente_id": cliente_id, "timestamp": timestamp}
    return _id_nuevo(conexion.execute(_ALTA_CANAL, valores))


def cliente_de(conexion: sa.Connection, origen: str, clave: str) -> int | None:
    """Id del cliente que el servicio `origen` conoce por `clave`, si ya se registró."""
    consulta = sa.select(referencias.c.cliente_id)
    encontrado = conexion.execute(consulta.where(*_referencia(origen, clave))).scalar_one_or_none()
    return None if encontrado is None else int(encontrado)


def recordar_cliente_de(conexion: sa.Connection, origen: str, clave: str, cliente_id: int) -> None:
    valores = {"origen": origen, "clave": _huella(clave), "cliente_id": cliente_id}
    conexion.execute(sa.insert(referencias), valores)


def cliente(conexion: sa.Connection, cliente_id: int) -> dict[str, Any] | None:
    if not 0 < cliente_id <= _MAYOR_ID:
        return None
    fila = conexion.execute(_UN_CLIENTE, {"id": cliente_id}).one_or_none()
    return _objeto(fila) if fila else None


def lista_de_clientes(filtro: Filtro) -> sa.Select[Any]:
    return _filtrar(sa.select(*_CLIENTE), clientes.c.creado_en, clientes.c.id, filtro)


def lista_de_mensajes(tipo: str, filtro: Filtro) -> sa.Select[Any]:
    consulta = sa.select(*_MENSAJE).where(canales.c.tipo == tipo)
    return _filtrar(consulta, canales.c.timestamp, canales.c.id, filtro)


def lista_de_canales(cliente_id: int) -> sa.Select[Any]:
    # Un id fuera de rango no puede existir; 0 tampoco, y los controladores sí lo admiten.
    conocido = cliente_id if cliente_id <= _MAYOR_ID else 0
    return sa.select(*_CANAL).where(canales.c.cliente_id == conocido).order_by(canales.c.id)


def contar(conexion: sa.Connection, lista: sa.Select[Any]) -> int:
    return conexion.execute(
        sa.select(sa.func.count()).select_from(lista.order_by(None).subquery())
    ).scalar_one()


def recorrer(conexion: sa.Connection, lista: sa.Select[Any]) -> Iterator[dict[str, Any]]:
    """Filas de la lista, traídas por tandas del servidor: la memoria no crece con la tabla."""
    for tanda in conexion.execution_options(yield_per=_POR_TANDA).execute(lista).partitions():
        yield from map(_objeto, tanda)


def _filtrar(
    consulta: sa.Select[Any], momento: sa.Column[datetime], orden: sa.Column[int], filtro: Filtro
) -> sa.Select[Any]:
    if filtro.desde:
        consulta = consulta.where(momento >= datetime.combine(filtro.desde, time.min))
    if filtro.hasta:
        consulta = consulta.where(momento <= datetime.combine(filtro.hasta, time.max))
    return consulta.order_by(orden.desc() if filtro.descendente else orden)


def _objeto(fila: sa.Row[Any, Any, Any]) -> dict[str, Any]:
    return dict(zip(map(str, fila._fields), fila, strict=True))  # orjson solo admite `str`, no sus subclases


def _id_nuevo(resultado: sa.CursorResult[Any]) -> int:
    clave = resultado.inserted_primary_key
    assert clave is not None  # noqa: S101 — un alta con clave autonumérica siempre la devuelve
    return int(clave[0])


def _referencia(origen: str, clave: str) -> tuple[sa.ColumnElement[bool], ...]:
    return referencias.c.origen == origen, referencias.c.clave == _huella(clave)


def _huella(clave: str) -> str:
    """SHA-256: cabe siempre, y un teléfono o un documento no quedan escritos en otra tabla."""
    return hashlib.sha256(clave.encode()).hexdigest()
