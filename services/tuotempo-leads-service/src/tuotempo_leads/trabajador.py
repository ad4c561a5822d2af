"""Trabajador de tuotempo-leads-service: `python -m tuotempo_leads.trabajador`."""

import sys

from chasis.eventos.trabajador import ejecutar
from tuotempo_leads.arranque import montar_eventos, montar_importaciones
from tuotempo_leads.config import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    eventos = montar_eventos(ajustes)
    if not sys.argv[1:]:  # con una orden solo se consulta
        montar_importaciones(ajustes, eventos.bd).en_segundo_plano()
    ejecutar(eventos, ajustes)
