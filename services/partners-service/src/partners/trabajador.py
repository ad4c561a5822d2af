"""Trabajador de partners-service: `python -m partners.trabajador`."""

from chasis.eventos.trabajador import ejecutar
from partners.arranque import montar_eventos
from partners.config import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    ejecutar(montar_eventos(ajustes), ajustes)
