"""Trabajador de espacio-clientes: `python -m espacio_clientes.trabajador`."""

from chasis.eventos.trabajador import ejecutar
from espacio_clientes.arranque import reunir
from espacio_clientes.config.settings import Ajustes

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    ejecutar(reunir(ajustes).eventos, ajustes)
