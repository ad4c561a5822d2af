"""Trabajador de canales-service: `python -m canales.trabajador`."""

from canales.arranque import montar_eventos
from canales.config import Ajustes
from chasis.eventos.trabajador import ejecutar

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    ejecutar(montar_eventos(ajustes), ajustes)
