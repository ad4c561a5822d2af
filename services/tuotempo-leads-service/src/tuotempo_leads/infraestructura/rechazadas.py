"""Filas que una importación no pudo o no debía importar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa

from tuotempo_leads.infraestructura.tablas import importaciones, importaciones_erroneas as erroneas

CONSERVAR = timedelta(days=30)
_POR_TANDA = 1000
_VISIBLES = (erroneas.c.fila, erroneas.c.columna, erroneas.c.valor, erroneas.c.motivo, erroneas.c.resultado)


def guardar(conexion: sa.Connection, importacion_id: str, filas: Iterable[Mapping[str, Any]]) -> None:
    """Guarda filas `{fila, fallos: [(columna, valor, motivo)…], celdas, resultado}`, una por fallo."""
    pendientes = _una_por_fallo(importacion_id, filas)
    while tanda := list(islice(pendientes, _POR_TANDA)):
        conexion.execute(sa.insert(erroneas), tanda)


def primeras(conexion: sa.Connection, importacion_id: str, cuantas: int) -> list[dict[str, Any]]:
    consulta = sa.select(*_VISIBLES).where(erroneas.c.importacion_id == importacion_id)
    ordenada = consulta.order_by(erroneas.c.fila, erroneas.c.id).limit(cuantas)
    return [{str(c): v for c, v in fila.items()} for fila in conexion.execute(ordenada).mappings()]


def todas(conexion: sa.Connection, importacion_id: str) -> Iterator[dict[str, Any]]:
    """Todas, con sus celdas originales (`celdas`, lista o nada), traídas por tandas."""
    consulta = sa.select(*_VISIBLES, erroneas.c.celdas).where(erroneas.c.importacion_id == importacion_id)
    ordenada = consulta.order_by(erroneas.c.fila, erroneas.c.id)
    filas = conexion.execute(ordenada, execution_options={"yield_per": _POR_TANDA}).mappings()
    for fila in filas:
        yield {**fila, "celdas": orjson.loads(fila["celdas"]) if fila["celdas"] else []}


def olvidar(conexion: sa.Connection, importacion_id: str, ahora: datetime) -> None:
    """Borra las de un intento anterior de esta importación, y las de cualquiera que ya cumplió su plazo."""
    viejas = sa.select(importaciones.c.id).where(importaciones.c.terminada_en < ahora - CONSERVAR)
    conexion.execute(
        sa.delete(erroneas).where(
            sa.or_(erroneas.c.importacion_id == importacion_id, erroneas.c.importacion_id.in_(viejas))
        )
    )


def _una_por_fallo(importacion_id: str, filas: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for fila in filas:
        for numero, (columna, valor, motivo) in enumerate(fila["fallos"]):
            yield {
                "importacion_id": importacion_id,
                "fila": fila["fila"],
                "columna": columna[:255],
                "valor": valor,
                "motivo": motivo[:500],
                "resultado": fila.get("resultado", "erronea"),
                "celdas": orjson.dumps(fila["celdas"]).decode()
                if numero == 0 and fila.get("celdas")
                else None,
            }
