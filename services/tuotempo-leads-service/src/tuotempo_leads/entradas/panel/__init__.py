"""Panel de administración: páginas HTML sobre los mismos casos de uso que la API. `base` es el esqueleto.

Cada módulo que se importa aquí añade sus rutas a `base.rutas` y, si sale en el menú, se apunta con `base.en_el_menu`.
"""

from __future__ import annotations

from tuotempo_leads.entradas.panel import (  # noqa: F401 — importarlos es lo que añade sus rutas
    acceso,
    cola,
    cuenta,
    errores,
    exclusiones,
    ficha,
    importaciones,
    inicio,
    leads,
    recargas,
    reparto,
    reserva,
    revision,
    usuarios,
)
from tuotempo_leads.entradas.panel.base import rutas
from tuotempo_leads.entradas.panel.instalacion import instalar

__all__ = ["instalar", "rutas"]
