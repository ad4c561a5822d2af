"""Rutas de canales-service: leen la petición, llaman a un caso de uso y responden como dice el README."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, get_args

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, current_app, request, url_for

from canales.aplicacion import casos
from canales.entradas.esquemas import (
    Canales,
    CanalNuevo,
    Cliente,
    ClienteNuevo,
    Clientes,
    ListaFiltrada,
    Mensaje,
    Mensajes,
    Salud,
    TipoCanal,
)
from canales.infraestructura import repositorio
from chasis.bd import BaseDeDatos
from chasis.enlaces import enlaces
from chasis.errores import NoEncontrado, PeticionInvalida
from chasis.paginacion import Pagina
from chasis.web import en_transaccion, json_por_trozos, lectura, pagina_en_url, respuesta

rutas = APIBlueprint("canales", __name__, tag="Canales")
_EL_PRIMERO = enlaces(
    "get_canales_obtener_cliente", "get_canales_obtener_canales", cliente_id="$response.body#/0/id"
)
_LOS_SUYOS = enlaces("get_canales_obtener_canales", cliente_id="$request.body#/cliente_id")


@rutas.get("/health")
@rutas.output(Salud)
def salud() -> Response:
    """Estado de salud."""
    return respuesta({"status": "healthy"})


@rutas.post("/cliente")
@rutas.input(ClienteNuevo, arg_name="datos")
@rutas.output(Mensaje, status_code=201, description="Registrado; `Location` lleva a él")
@rutas.doc(responses={400: "Falta un dato o no vale", 500: "Error al registrar cliente"})
@en_transaccion(fallo="Error al registrar cliente", idempotente=True)
def registrar_cliente(conexion: sa.Connection, datos: ClienteNuevo) -> Response:
    """Registrar cliente."""
    nuevo = casos.registrar_cliente(conexion, datos.nombre, datos.tipo_servicio)
    destino = url_for("canales.obtener_cliente", cliente_id=nuevo)
    return respuesta({"mensaje": "Cliente registrado exitosamente"}, 201, {"Location": destino})


@rutas.get("/clientes")
@rutas.input(ListaFiltrada, location="query", arg_name="lista")
@rutas.output(Clientes, description="Clientes por id", links=_EL_PRIMERO)
@rutas.doc(responses={400: "Un parámetro no vale", 404: "No hay clientes registrados"})
def obtener_clientes(lista: ListaFiltrada) -> Response:
    """Obtener clientes."""
    consulta = repositorio.lista_de_clientes(lista.filtro)
    return _responder_lista(consulta, lista, "No hay clientes registrados")


@rutas.get("/clientes/<int:cliente_id>")
@rutas.output(Cliente)
@rutas.doc(responses={404: "El cliente no existe"})
def obtener_cliente(cliente_id: int) -> Response:
    """Obtener un cliente."""
    with lectura() as conexion:
        return respuesta(casos.obtener_cliente(conexion, cliente_id))


@rutas.post("/canal")
@rutas.input(CanalNuevo, arg_name="datos")
@rutas.output(Mensaje, status_code=201, description="Guardado", links=_LOS_SUYOS)
@rutas.doc(responses={400: "Falta un dato o no vale", 500: "Error al guardar la información"})
@en_transaccion(fallo="Error al guardar la información", idempotente=True)
def recibir_canal(conexion: sa.Connection, datos: CanalNuevo) -> Response:
    """Recibir canal."""
    casos.registrar_canal(conexion, datos.tipo, datos.contenido, datos.cliente_id)
    return respuesta({"mensaje": "Información recibida exitosamente"}, 201)


@rutas.get("/mensajes/<string:tipo_canal>")
@rutas.input(ListaFiltrada, location="query", arg_name="lista")
@rutas.output(Mensajes, description="Mensajes por id")
@rutas.doc(responses={400: "Tipo de canal inválido", 404: "No hay mensajes de ese tipo"})
def obtener_mensajes(tipo_canal: str, lista: ListaFiltrada) -> Response:
    """Obtener mensajes por tipo."""
    if tipo_canal not in get_args(TipoCanal):
        raise PeticionInvalida("Tipo de canal inválido", campo="tipo_canal")
    consulta = repositorio.lista_de_mensajes(tipo_canal, lista.filtro)
    return _responder_lista(consulta, lista, f"No hay mensajes para el tipo de canal '{tipo_canal}'")


@rutas.get("/canales/<int:cliente_id>")
@rutas.output(Canales, description="Canales del cliente por id")
@rutas.doc(responses={404: "El cliente no tiene canales o no existe"})
def obtener_canales(cliente_id: int) -> Response:
    """Obtener canales por cliente."""
    consulta = repositorio.lista_de_canales(cliente_id)
    return _responder_lista(consulta, None, "No hay canales registrados para este cliente")


@rutas.get("/test-error")
@rutas.doc(responses={500: "Error interno del servidor"})
def probar_servidor_caido() -> None:
    """Probar servidor caído."""
    raise RuntimeError("Fallo provocado desde /test-error")


def _responder_lista(consulta: sa.Select[Any], pagina: Pagina | None, si_vacia: str) -> Response:
    """Una página si se pide; si no, la lista entera por trozos. El 404 del README, solo sin parámetros."""
    if pagina is not None and pagina.pedida:
        with lectura() as conexion:
            total = repositorio.contar(conexion, consulta)
            filas = list(repositorio.recorrer(conexion, consulta.limit(pagina.limite).offset(pagina.salto)))
        return respuesta(filas, cabeceras=pagina_en_url(pagina, total))
    filas_en_curso = _recorrer(consulta)
    primera = next(filas_en_curso, None)
    if primera is None and not request.args:
        raise NoEncontrado(si_vacia)
    return json_por_trozos(chain([] if primera is None else [primera], filas_en_curso))


def _recorrer(consulta: sa.Select[Any]) -> Iterator[dict[str, Any]]:
    # La conexión vive lo que dure el envío, que sigue después de que la vista haya terminado.
    bd: BaseDeDatos = current_app.extensions["bd"]
    with bd.lectura() as conexion:
        yield from repositorio.recorrer(conexion, consulta)
