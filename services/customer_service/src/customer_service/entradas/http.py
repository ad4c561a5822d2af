"""Rutas de customer_service: leen la petición, llaman a un caso de uso y responden como dice el README."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing

import requests
from apiflask import APIBlueprint
from flask import Response, current_app, request, url_for

from chasis.enlaces import enlaces
from chasis.web import con_version, pagina_en_url, repetible, respuesta
from chasis.web.idempotencia import CABECERA
from customer_service.aplicacion.casos import Clientes
from customer_service.entradas.esquemas import (
    ClienteNuevo,
    ContactoNuevo,
    Ficha,
    Hecho,
    Lista,
    Nombres,
    Salud,
    Saludo,
    ServicioNuevo,
)
from customer_service.infraestructura.almacen import SIN_ALMACEN, AlmacenHttp

rutas = APIBlueprint("clientes", __name__, tag="Clientes")

PLAZO = 20.0  # segundos: más de los que se insiste con un cambio y de lo que se espera al almacén
_TROZO = 64 * 1024  # bytes
_LO_CREADO = enlaces(
    "get_clientes_consultar",
    "put_clientes_cambiar_contacto",
    "post_clientes_agregar_servicio",
    nombre="$request.body#/nombre",
)


@rutas.get("/health")
@rutas.output(Salud)
def salud() -> Response:
    """Estado de salud."""
    return respuesta({"status": "healthy"})


@rutas.get("/saludo")
@rutas.output(Saludo)
def saludar() -> Response:
    """Saludo de demostración."""
    return respuesta({"message": "Hola desde Sky App v2.0 mejorada!"})


@rutas.post("/clientes")
@rutas.input(ClienteNuevo, arg_name="datos")
@rutas.output(Hecho, status_code=201, description="Creado; `Location` lleva a él", links=_LO_CREADO)
@rutas.doc(responses={400: "Faltan datos", 409: "El cliente ya existe", 503: SIN_ALMACEN})
@repetible(PLAZO)
def crear(datos: ClienteNuevo) -> Response:
    """Crear un cliente con su primer servicio."""
    _clientes().crear(datos.nombre, datos.contacto, datos.servicio, operacion=_operacion())
    destino = url_for("clientes.consultar", nombre=datos.nombre)
    return respuesta(_hecho(f"Cliente {datos.nombre} guardado/actualizado."), 201, {"Location": destino})


@rutas.get("/clientes/<nombre:nombre>")
@rutas.output(Ficha, description="El cliente; `ETag` es su versión")
@rutas.doc(
    responses={304: "Sigue siendo el de `If-None-Match`", 404: "Cliente no encontrado", 503: SIN_ALMACEN}
)
def consultar(nombre: str) -> Response:
    """Consultar un cliente."""
    ficha, version = _clientes().consultar(nombre)
    return con_version(respuesta(ficha), version.strip('"'))


@rutas.put("/clientes/<nombre:nombre>")
@rutas.input(ContactoNuevo, arg_name="datos")
@rutas.output(Hecho, description="Actualizado")
@rutas.doc(
    responses={
        400: "Falta el contacto",
        404: "Cliente no encontrado",
        412: "La versión de `If-Match` ya no es la actual",
        503: SIN_ALMACEN,
    }
)
def cambiar_contacto(nombre: str, datos: ContactoNuevo) -> Response:
    """Modificar el contacto de un cliente."""
    solo_si = _coincide if "If-Match" in request.headers else None
    _clientes().cambiar_contacto(nombre, datos.contacto, solo_si=solo_si)
    return respuesta(_hecho(f"Cliente {nombre} actualizado."))


@rutas.post("/clientes/<nombre:nombre>/servicios")
@rutas.input(ServicioNuevo, arg_name="datos")
@rutas.output(Hecho, status_code=201, description="Agregado")
@rutas.doc(responses={400: "Falta el servicio", 404: "Cliente no encontrado", 503: SIN_ALMACEN})
@repetible(PLAZO)
def agregar_servicio(nombre: str, datos: ServicioNuevo) -> Response:
    """Agregar un servicio a un cliente."""
    _clientes().agregar_servicio(nombre, datos.servicio, operacion=_operacion())
    return respuesta(_hecho(f"Cliente {nombre} guardado/actualizado."), 201)


@rutas.get("/clientes")
@rutas.input(Lista, location="query", arg_name="lista")
@rutas.output(Nombres, description="Nombres en orden")
@rutas.doc(responses={400: "Un parámetro no vale", 503: SIN_ALMACEN})
def listar(lista: Lista) -> Response:
    """Listar los nombres de todos los clientes."""
    almacen: AlmacenHttp = current_app.extensions["almacen"]
    origen = almacen.listar(lista.model_dump(mode="json", exclude_none=True))
    total = origen.headers.get("X-Total-Count")
    cabeceras = pagina_en_url(lista, int(total)) if total else {}
    return Response(_retransmitir(origen), headers=cabeceras, mimetype="application/json")


def _retransmitir(origen: requests.Response) -> Iterator[bytes]:
    with closing(origen):
        yield from origen.iter_content(_TROZO)


def _coincide(version: str) -> bool:
    return request.if_match.contains(version.strip('"'))


def _operacion() -> str | None:
    """Identificador de esta operación ante storage_service, derivado de la clave de quien llama."""
    clave = request.headers.get(CABECERA)
    return hashlib.sha256(f"{request.method} {request.path}\n{clave}".encode()).hexdigest() if clave else None


def _hecho(texto: str) -> dict[str, str]:
    return {"message": texto, "status": "ok"}


def _clientes() -> Clientes:
    clientes: Clientes = current_app.extensions["clientes"]
    return clientes
