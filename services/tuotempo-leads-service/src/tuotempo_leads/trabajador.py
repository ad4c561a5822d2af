"""Trabajador de tuotempo-leads-service: `python -m tuotempo_leads.trabajador`."""

import sys

from chasis.eventos.trabajador import ejecutar
from tuotempo_leads.arranque import montar_eventos
from tuotempo_leads.config import Ajustes
from tuotempo_leads.piezas import montar

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    eventos = montar_eventos(ajustes)
    if not sys.argv[1:]:  # con una orden (`muertas`, `reintentar`) solo se consulta
        piezas = montar(eventos.bd, ajustes)
        piezas.importaciones.en_segundo_plano()
        piezas.tareas.en_segundo_plano()
    ejecutar(eventos, ajustes)
