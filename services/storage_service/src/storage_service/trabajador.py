"""Trabajador de storage_service: `python -m storage_service.trabajador`."""

from chasis.eventos.trabajador import ejecutar
from storage_service.arranque import montar_eventos
from storage_service.config import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    ejecutar(montar_eventos(ajustes)[0], ajustes)
