"""Trabajador de tuotempo-leads-service: `python -m tuotempo_leads.trabajador`."""

from chasis.eventos.trabajador import ejecutar
from tuotempo_leads.arranque import montar_eventos
from tuotempo_leads.config import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    ejecutar(montar_eventos(ajustes), ajustes)
