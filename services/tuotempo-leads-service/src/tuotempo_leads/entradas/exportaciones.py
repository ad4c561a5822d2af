"""Ruta de administración: exportar los leads a una hoja de cálculo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response

from chasis.web.transaccion import si_falla_la_base
from tuotempo_leads.aplicacion.exportacion import exportar_leads
from tuotempo_leads.entradas.autorizacion import SIN_PERMISO, autorizar_admin
from tuotempo_leads.entradas.base import ajustes, bd, fallo_de_base
from tuotempo_leads.entradas.descargas import FICHERO, como_descarga
from tuotempo_leads.entradas.esquemas_de_hojas import Exportacion

rutas = APIBlueprint("exportaciones", __name__, tag="Importar y exportar")
rutas.before_request(autorizar_admin)


@rutas.get("/admin/exportacion")
@rutas.input(Exportacion, location="query", arg_name="pedida")
@rutas.doc(responses={200: FICHERO, 400: "Un parámetro no vale", **SIN_PERMISO})
def exportar(pedida: Exportacion) -> Response:
    """Exportar los leads a xlsx o csv, todos o los del filtro."""
    nombre = f"leads_{datetime.now(ajustes().zona):%Y%m%d_%H%M%S}.{pedida.formato}"

    def escribir(ruta: Path) -> None:
        with si_falla_la_base(fallo_de_base):
            exportar_leads(bd(), pedida.filtro, pedida.formato, ruta, None)

    return como_descarga(nombre, escribir)
