"""Trabajador de customer_service: `python -m customer_service.trabajador`."""

from chasis.eventos.trabajador import ejecutar
from customer_service.aplicacion.casos import Clientes
from customer_service.arranque import montar_eventos
from customer_service.config import Ajustes
from customer_service.infraestructura.almacen import AlmacenHttp

if __name__ == "__main__":
    ajustes = Ajustes.cargar()
    clientes = Clientes(AlmacenHttp(ajustes.url_del_almacen), ajustes.zona)
    ejecutar(montar_eventos(ajustes, clientes), ajustes)
