"""Las listas del servicio: por páginas si se piden, y si no enteras y por trozos."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice

from flask import Response, current_app

from chasis.bd import BaseDeDatos
from chasis.paginacion import Pagina
from chasis.web import json_por_trozos, lectura, pagina_en_url, respuesta
from partners.modulos.partners.aplicacion.servicios import ServicioPartners
from partners.modulos.partners.dominio.entidades import Objeto
from partners.modulos.partners.dominio.repositorios import Lista
from partners.modulos.partners.infraestructura.fabrica import servicio

Abrir = Callable[[ServicioPartners], Lista]


def responder_lista(clave: str, pagina: Pagina, abrir: Abrir, *, total: str = "") -> Response:
    """`{clave: [...]}`; con `total`, esa otra clave lleva cuántos hay en todas las páginas."""
    if not pagina.pedida:
        elementos = _recorrer(abrir)
        primero = list(islice(elementos, 1))  # lo que vaya a fallar, que falle antes de empezar a enviar
        return json_por_trozos(chain(primero, elementos), clave=clave, total=total)
    with lectura() as conexion:
        lista = abrir(servicio(conexion))
        cuantos = lista.contar()
        cuerpo: Objeto = {clave: list(lista.recorrer(pagina.limite, pagina.salto))}
    return respuesta(cuerpo | ({total: cuantos} if total else {}), cabeceras=pagina_en_url(pagina, cuantos))


def _recorrer(abrir: Abrir) -> Iterator[Objeto]:
    # La conexión vive lo que dure el envío, que sigue después de que la vista haya terminado.
    bd: BaseDeDatos = current_app.extensions["bd"]
    with bd.lectura() as conexion:
        yield from abrir(servicio(conexion)).recorrer()
