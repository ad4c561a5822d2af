"""Trabajador de tuotempo-leads-service: `python -m tuotempo_leads.trabajador`."""

import sys

from chasis.eventos.trabajador import ejecutar
from tuotempo_leads.arranque import montar_eventos, piezas
from tuotempo_leads.config import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    eventos = montar_eventos(ajustes)
    if len(sys.argv) == 1:  # `muertas` y `reintentar` no trabajan
        piezas(eventos.bd, ajustes)["tareas"].en_segundo_plano()
    ejecutar(eventos, ajustes)
