"""El índice por el que se busca a un lead: las palabras de sus nombres, plegadas, y de cada una vale el principio.

Es el mismo en SQLite, MySQL y PostgreSQL (sus búsquedas de texto no lo son: cada una parte y descarta las palabras a
su manera) y quien escribe un nombre en `leads` lo pone al día en la misma transacción.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.dominio import telefonos
from tuotempo_leads.dominio.textos import palabras
from tuotempo_leads.infraestructura.tablas import lead_palabras, leads

_BUSCABLES = (leads.c.nombre, leads.c.apellidos, leads.c.nombre_clinica, leads.c.nif)
BUSCABLES = frozenset(columna.name for columna in _BUSCABLES)
_POR_TANDA = 1000
_ALTA = sa.insert(lead_palabras)
_ULTIMA = "\U0010ffff"  # va detrás de cualquier letra
_SOLO_CIFRAS = re.compile(r"[0-9\s.()+-]+")


def apuntar_desde(conexion: sa.Connection, ultimo: int) -> None:
    """Las de los leads recién creados: los de id mayor que `ultimo`."""
    _apuntar(conexion, leads.c.id > ultimo)


def reapuntar(conexion: sa.Connection, ids: Sequence[int]) -> None:
    """Las de unos leads cuyos nombres han cambiado."""
    for desde in range(0, len(ids), _POR_TANDA):
        tanda = ids[desde : desde + _POR_TANDA]
        conexion.execute(sa.delete(lead_palabras).where(lead_palabras.c.lead_id.in_(tanda)))
        _apuntar(conexion, leads.c.id.in_(tanda))


def buscar(escrito: str) -> sa.ColumnElement[bool]:
    """Los leads con una palabra que empiece por cada una de las escritas; o con ese teléfono, o que empiece así."""
    if _SOLO_CIFRAS.fullmatch(escrito):
        if telefono := telefonos.normalizar(escrito):
            return sa.or_(leads.c.telefono_norm == telefono, leads.c.telefono2_norm == telefono)
        escrito = re.sub(r"[^0-9]", "", escrito)
    buscadas = palabras(escrito)
    return sa.and_(*(leads.c.id.in_(_quienes(una)) for una in buscadas)) if buscadas else sa.false()


def _quienes(palabra: str) -> sa.Select[Any]:
    suyas = sa.select(lead_palabras.c.lead_id).where(_empieza(lead_palabras.c.palabra, palabra))
    if not palabra.isdecimal():
        return suyas
    numeros = (leads.c.telefono_norm, leads.c.telefono2_norm)
    de_telefono = (sa.select(leads.c.id).where(_empieza(numero, palabra)) for numero in numeros)
    # Dentro de otra consulta: si no, MySQL recorrería la unión una vez por lead.
    todos = sa.union_all(suyas, *de_telefono).subquery()
    return sa.select(todos.c.lead_id)


def _empieza(columna: sa.Column[Any], principio: str) -> sa.ColumnElement[bool]:
    return columna.between(principio, principio + _ULTIMA)


def _apuntar(conexion: sa.Connection, de_quienes: sa.ColumnElement[bool]) -> None:
    filas = conexion.execute(sa.select(leads.c.id, *_BUSCABLES).where(de_quienes))
    nuevas = [
        {"lead_id": fila[0], "palabra": palabra}
        for fila in filas
        for palabra in {una for texto in fila[1:] if texto for una in palabras(texto)}
    ]
    if nuevas:
        conexion.execute(_ALTA, nuevas)
