"""Qué leads se piden: los mismos filtros para una lista, una búsqueda y una exportación."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.dominio import telefonos
from tuotempo_leads.infraestructura.tablas import leads

_BUSCABLES = (leads.c.nombre, leads.c.apellidos, leads.c.nombre_clinica, leads.c.nif)


@dataclass(frozen=True)
class FiltroDeLeads:
    """Lo que no se dice no filtra. `q` se busca dentro de nombres, clínica y NIF, o como teléfono."""

    q: str | None = None
    estado: str | None = None
    subestado: str | None = None
    resultado: str | None = None
    con_pack: bool | None = None
    origen: str | None = None

    def aplicar(self, consulta: sa.Select[Any]) -> sa.Select[Any]:
        """`consulta` (sobre `leads`) con las condiciones de este filtro."""
        exactos = {
            leads.c.status_level_1: self.estado,
            leads.c.status_level_2: self.subestado,
            leads.c.resultado_llamada: self.resultado,
            leads.c.conPack: self.con_pack,
            leads.c.origen_archivo: self.origen,
        }
        consulta = consulta.where(
            *(columna == valor for columna, valor in exactos.items() if valor not in (None, ""))
        )
        return consulta.where(_contiene(self.q.strip())) if self.q and self.q.strip() else consulta


def _contiene(buscado: str) -> sa.ColumnElement[bool]:
    condiciones = [columna.icontains(buscado, autoescape=True) for columna in _BUSCABLES]
    # Un teléfono entero se compara normalizado; un trozo, como las cifras que son.
    cifras = telefonos.normalizar(buscado) or re.sub(r"[\s.()+-]", "", buscado)
    if cifras.isdecimal():
        condiciones += [
            columna.contains(cifras) for columna in (leads.c.telefono_norm, leads.c.telefono2_norm)
        ]
    return sa.or_(*condiciones)
