"""Rutas del resultado de las llamadas: las que usan el bot de voz y el CRM."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any

import orjson
import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, current_app, stream_with_context

from chasis.bd import BaseDeDatos
from chasis.errores import NoEncontrado, PeticionInvalida
from chasis.web import en_transaccion, lectura, pagina_en_url, respuesta
from chasis.web.respuestas import POR_TROZO
from chasis.web.transaccion import si_falla_la_base
from tuotempo_leads.aplicacion import resultados
from tuotempo_leads.aplicacion.resultados import Procedencia
from tuotempo_leads.dominio import estados, telefonos
from tuotempo_leads.dominio.resultado import Resultado
from tuotempo_leads.entradas.base import ajustes, fallo_de_base, repetible_en_transaccion
from tuotempo_leads.entradas.esquemas import (
    SIN_DATOS,
    Contactos,
    Estado,
    FiltroDeResultados,
    Hecho,
    ResultadoDeLlamada,
)
from tuotempo_leads.infraestructura import repositorio

rutas = APIBlueprint("resultados", __name__, tag="Resultados de llamadas")
_HORA = "%Y-%m-%d %H:%M:%S"


@rutas.get("/api/status")
@rutas.output(Estado)
def estado() -> Response:
    """Estado de la API."""
    momento = datetime.now(ajustes().zona).strftime(_HORA)
    return respuesta({"status": "online", "timestamp": momento, "service": "API Resultado Llamada"})


@rutas.post("/api/actualizar_resultado")
@rutas.input(ResultadoDeLlamada, arg_name="datos")
@rutas.output(
    Hecho, description="Actualizado; `X-Leads-Actualizados` dice cuántos contactos tenían ese teléfono"
)
@rutas.doc(
    responses={400: "Falta el teléfono o qué actualizar, o algo no vale", 404: "Ningún contacto", **SIN_DATOS}
)
@repetible_en_transaccion
def actualizar_resultado(datos: ResultadoDeLlamada) -> Response:
    """Actualizar el estado de un contacto después de una llamada."""
    telefono, zona = telefonos.normalizar(datos.telefono), ajustes().zona
    if not telefono:
        raise PeticionInvalida(f"El teléfono {datos.telefono} no tiene nueve cifras", campo="telefono")
    procedencia = Procedencia(zona, ajustes().reglas)
    hecho: Response = _anotar(telefono, datos.resultado(zona), procedencia, datos.telefono)
    return hecho


@en_transaccion(fallo=fallo_de_base, idempotente=True)
def _anotar(
    conexion: sa.Connection, telefono: str, resultado: Resultado, procedencia: Procedencia, recibido: str
) -> Response:
    cuantos = resultados.anotar(conexion, telefono, resultado, procedencia)
    if not cuantos:
        raise NoEncontrado(f"No se encontró ningún lead con el teléfono {recibido}", campo="telefono")
    cuerpo = {"success": True, "message": f"Lead {recibido} actualizado correctamente."}
    return respuesta(cuerpo, 200, {"X-Leads-Actualizados": str(cuantos)})


@rutas.get("/api/obtener_resultados")
@rutas.input(FiltroDeResultados, location="query", arg_name="filtro")
@rutas.output(Contactos, description="Contactos por id; con `page` o `per_page`, solo esa página")
@rutas.doc(responses={400: "Un parámetro no vale", **SIN_DATOS})
def obtener_resultados(filtro: FiltroDeResultados) -> Response:
    """Obtener contactos, todos o los de un resultado."""
    buscado = (filtro.resultado or "").strip() or None
    consulta = repositorio.lista_de_resultados(buscado, buscado and estados.canonico(buscado))
    if not filtro.pedida:
        trozos = _por_trozos(consulta)
        with si_falla_la_base(fallo_de_base):
            primero = next(trozos)  # si la base falla, que sea antes de haber contestado 200
        return Response(stream_with_context(chain((primero,), trozos)), mimetype="application/json")
    with lectura(fallo=fallo_de_base) as conexion:
        total = repositorio.contar(conexion, consulta)
        pagina = consulta.limit(filtro.limite).offset(filtro.salto)
        contactos = [_contacto(fila) for fila in repositorio.recorrer(conexion, pagina)]
    cuerpo = {"success": True, "count": len(contactos), "contactos": contactos}
    return respuesta(cuerpo, cabeceras=pagina_en_url(filtro, total))


def _por_trozos(consulta: sa.Select[Any]) -> Iterator[bytes]:
    """El objeto entero sin tenerlo nunca en memoria: el recuento va al final, cuando ya se sabe."""
    bd: BaseDeDatos = current_app.extensions["bd"]
    cuantos, separador = 0, b'{"success":true,"contactos":['
    with bd.lectura() as conexion:
        filas = map(_contacto, repositorio.recorrer(conexion, consulta))
        while trozo := list(islice(filas, POR_TROZO)):
            cuantos += len(trozo)
            yield separador + orjson.dumps(trozo)[1:-1]
            separador = b","
    yield (b"" if cuantos else separador) + b'],"count":%d}' % cuantos


def _contacto(fila: dict[str, Any]) -> dict[str, Any]:
    cita = fila["cita"]
    return {**fila, "cita": cita and cita.strftime(_HORA), "conPack": int(fila["conPack"])}
