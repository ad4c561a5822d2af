"""Lo que una importación lee y escribe en `leads`, siempre por tandas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.dominio.cabeceras import COLUMNAS
from tuotempo_leads.infraestructura import palabras
from tuotempo_leads.infraestructura.tablas import leads

_POR_TANDA = 1000
_IMPORTABLES = [leads.c[columna.nombre] for columna in COLUMNAS]
_COMPARABLES = [leads.c[columna.nombre] for columna in COLUMNAS if not columna.solo_al_crear]
_EN_BLANCO = {columna.name: None for columna in _IMPORTABLES} | {"telefono2_norm": "", "conPack": False}
_POR_TELEFONO = sa.select(leads.c.id, leads.c.telefono_norm, *_COMPARABLES).order_by(leads.c.id)


def guardados(conexion: sa.Connection, telefonos: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Los leads que hay con esos teléfonos (normalizados), por teléfono y en orden de alta."""
    hallados: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fila in conexion.execute(_POR_TELEFONO.where(leads.c.telefono_norm.in_(telefonos))).mappings():
        hallados[fila["telefono_norm"]].append(dict(fila))
    return hallados


def crear(
    conexion: sa.Connection, nuevos: Sequence[Mapping[str, Any]], archivo: str, ahora: datetime
) -> None:
    comunes = {"origen_archivo": archivo, "created_at": ahora, "updated_at": ahora}
    if nuevos:
        ultimo = ultimo_id(conexion)
        conexion.execute(sa.insert(leads), [_completo(lead) | comunes for lead in nuevos])
        palabras.apuntar_desde(conexion, ultimo)


def actualizar(
    conexion: sa.Connection, cambios: Iterable[tuple[int, Mapping[str, Any]]], archivo: str, ahora: datetime
) -> None:
    """Aplica a cada lead (por id) sus cambios, juntando los que tocan las mismas columnas."""
    grupos: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    con_otro_nombre = []
    for identificador, valores in cambios:
        if palabras.BUSCABLES & valores.keys():
            con_otro_nombre.append(identificador)
        grupos[tuple(sorted(valores))].append(
            {f"_{nombre}": v for nombre, v in valores.items()} | {"_id": identificador}
        )
    for columnas, filas in grupos.items():
        orden = sa.update(leads).where(leads.c.id == sa.bindparam("_id"))
        valores = {nombre: sa.bindparam(f"_{nombre}") for nombre in columnas}
        comunes = {"origen_archivo": archivo, "updated_at": ahora, "version": leads.c.version + 1}
        conexion.execute(orden.values(**valores, **comunes), filas)
    palabras.reapuntar(conexion, con_otro_nombre)


def ultimo_id(conexion: sa.Connection) -> int:
    return conexion.execute(sa.select(sa.func.max(leads.c.id))).scalar() or 0


def ausentes(conexion: sa.Connection, vistos: set[int], telefonos: set[str], hasta: int) -> list[int]:
    """Ids, hasta ese, de los leads que no están entre los vistos ni tienen uno de esos teléfonos."""
    consulta = sa.select(leads.c.id, leads.c.telefono_norm).where(leads.c.id <= hasta)
    todos = conexion.execute(consulta, execution_options={"yield_per": _POR_TANDA})
    return [lead.id for lead in todos if lead.id not in vistos and lead.telefono_norm not in telefonos]


def eliminar(conexion: sa.Connection, ids: Sequence[int]) -> None:
    for desde in range(0, len(ids), _POR_TANDA):
        conexion.execute(sa.delete(leads).where(leads.c.id.in_(ids[desde : desde + _POR_TANDA])))


def _completo(lead: Mapping[str, Any]) -> dict[str, Any]:
    completo = _EN_BLANCO | dict(lead)
    completo["conPack"] = bool(completo["conPack"])
    return completo
