"""Rutas de storage_service: leen la petición, llaman a un caso de uso y responden como dice el README."""

from __future__ import annotations

import hashlib
from functools import partial

from apiflask import APIBlueprint
from flask import Response, current_app, g, request

from chasis.enlaces import enlaces
from chasis.errores import NoProcesable
from chasis.web import con_version, json_por_trozos, pagina_en_url, repetible, respuesta
from chasis.web.idempotencia import CABECERA, contenido
from storage_service.aplicacion import documentos
from storage_service.entradas.esquemas import Documento, Hecho, Lista, Nombres, Salud
from storage_service.infraestructura.almacen import Almacen, Condicion
from storage_service.infraestructura.diario import Diario

rutas = APIBlueprint("archivos", __name__, tag="Almacén")

PLAZO = 10.0  # segundos en los que se escribe de sobra un documento
_LO_GUARDADO = enlaces("get_archivos_obtener", "delete_archivos_eliminar", nombre="$request.body#/nombre")


@rutas.get("/health")
@rutas.output(Salud)
def salud() -> Response:
    """Estado de salud."""
    return respuesta({"status": "healthy"})


@rutas.post("/archivos")
@rutas.input(Documento, arg_name="datos")
@rutas.output(Hecho, status_code=201, description="Guardado; `ETag` es su versión", links=_LO_GUARDADO)
@rutas.doc(responses={400: "Falta el nombre o no vale", 412: "Precondición fallida"})
@repetible(PLAZO)
def guardar(datos: Documento) -> Response:
    """Guardar o actualizar el documento de un cliente."""
    documento, clave = {**request.get_json(), "nombre": datos.nombre}, request.headers.get(CABECERA, "")
    if g.reanudada and _diario().llego_a_escribir(clave, _almacen().en_exclusiva):
        _exigir_que_sea_la_misma(clave)
        version = documentos.version(documento)
    else:
        version = documentos.guardar(_almacen(), _diario(), documento, _condicion(), clave=clave)
    g.al_anotar = partial(_diario().contestar, clave=clave, version=version)
    hecho = _hecho(f"Cliente {datos.nombre} guardado/actualizado.")
    return respuesta(hecho, 201, {"ETag": f'"{version}"'})


@rutas.get("/archivos/<nombre:nombre>")
@rutas.output(Documento, description="El documento; `ETag` es su versión")
@rutas.doc(
    responses={
        304: "Sigue siendo el de `If-None-Match`",
        404: "Cliente no encontrado",
        500: "El documento está dañado",
    }
)
def obtener(nombre: str) -> Response:
    """Obtener el documento de un cliente."""
    contenido, version = documentos.obtener(_almacen(), nombre)
    return con_version(Response(contenido, mimetype="application/json"), version)


@rutas.get("/archivos")
@rutas.input(Lista, location="query", arg_name="lista")
@rutas.output(Nombres, description="Nombres en orden")
@rutas.doc(responses={400: "Un parámetro no vale"})
def listar(lista: Lista) -> Response:
    """Listar los nombres de todos los clientes."""
    nombres = documentos.listar(_almacen(), prefijo=lista.prefijo, q=lista.q)
    if not lista.pedida:
        return json_por_trozos(nombres)
    pagina = nombres[lista.salto : lista.salto + lista.limite]
    return respuesta(pagina, cabeceras=pagina_en_url(lista, len(nombres)))


@rutas.delete("/archivos/<nombre:nombre>")
@rutas.output(Hecho, description="Eliminado")
@rutas.doc(responses={404: "Cliente no encontrado"})
def eliminar(nombre: str) -> Response:
    """Eliminar el documento de un cliente."""
    documentos.borrar(_almacen(), _diario(), nombre)
    return respuesta(_hecho(f"Cliente {nombre} eliminado."))


def _condicion() -> Condicion | None:
    """`If-Match` e `If-None-Match` de la petición frente a la versión guardada (RFC 9110 §13)."""
    if "If-Match" not in request.headers and "If-None-Match" not in request.headers:
        return None
    exige, si_coincide, si_no = "If-Match" in request.headers, request.if_match, request.if_none_match

    def cumple(actual: str | None) -> bool:
        if exige and (actual is None or not si_coincide.contains(actual)):
            return False
        return actual is None or not si_no.contains_weak(actual)

    return cumple


def _exigir_que_sea_la_misma(clave: str) -> None:
    """Lo que escribió el intento que murió ya está: hacer ahora otra cosa con su clave lo haría dos veces."""
    if hashlib.sha256(contenido()).hexdigest() != g.reanudada:
        g.al_anotar = partial(_diario().contestar, clave=clave, version="")
        raise NoProcesable("La Idempotency-Key ya se usó con otra petición", codigo="CLAVE_REUTILIZADA")


def _hecho(texto: str) -> dict[str, str]:
    return {"message": texto, "status": "ok"}


def _almacen() -> Almacen:
    almacen: Almacen = current_app.extensions["almacen"]
    return almacen


def _diario() -> Diario:
    diario: Diario = current_app.extensions["diario"]
    return diario
