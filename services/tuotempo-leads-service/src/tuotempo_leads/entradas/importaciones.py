"""Rutas de administración: importar una hoja, seguirla, cancelarla y descargar lo que se rechazó."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, current_app, g, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from chasis.enlaces import enlaces
from chasis.errores import CUERPO_NO_ES_OBJETO, ErrorDeServicio, PeticionInvalida
from chasis.web import en_transaccion, lectura, pagina_en_url, respuesta
from tuotempo_leads.aplicacion.exportacion import exportar_rechazadas
from tuotempo_leads.aplicacion.importacion import trabajos
from tuotempo_leads.aplicacion.importacion.corredor import Corredor
from tuotempo_leads.aplicacion.importacion.trabajos import Encargo
from tuotempo_leads.entradas.autorizacion import SIN_PERMISO, autorizar_admin
from tuotempo_leads.entradas.base import fallo_de_base, repetible_en_transaccion
from tuotempo_leads.entradas.descargas import FICHERO, como_descarga
from tuotempo_leads.entradas.esquemas_de_hojas import (
    SIN_HOJA,
    HojaEnInternet,
    Importacion,
    ImportacionConRechazos,
    Importaciones,
    Lista,
    Opciones,
)
from tuotempo_leads.infraestructura import importaciones, rechazadas, repositorio
from tuotempo_leads.infraestructura.hojas.formato import (
    MAXIMO_DEL_FICHERO,
    MEBIBYTE,
    DemasiadoGrande,
    FicheroInvalido,
    demasiado_grande,
)

rutas = APIBlueprint("importaciones", __name__, tag="Importar y exportar")
rutas.before_request(autorizar_admin)
_A_LA_VISTA = 20  # filas rechazadas que acompañan al estado
_LA_ACEPTADA = enlaces(
    "get_importaciones_estado",
    "post_importaciones_cancelar",
    "get_importaciones_descargar_rechazadas",
    importacion_id="$response.body#/id",
)


class FicheroDemasiadoGrande(ErrorDeServicio):
    estado = 413
    codigo = "CUERPO_DEMASIADO_GRANDE"


@rutas.post("/admin/importaciones")
@rutas.input(Opciones, location="query", arg_name="opciones")
@rutas.output(
    Importacion, status_code=202, description="Aceptada; `Location` lleva a su estado", links=_LA_ACEPTADA
)
@rutas.doc(responses={400: "No es una hoja que se pueda importar", 413: "Pasa de 20 MiB", **SIN_PERMISO})
@repetible_en_transaccion
def importar(opciones: Opciones) -> Response:
    """Importar una hoja de cálculo (.xlsx o .csv).

    El fichero va en el campo `archivo` de un formulario `multipart/form-data`; o, como JSON, su dirección https:
    `{"url": "https://…", "modo": "reemplazar", "simular": false}`.
    """
    if request.is_json:
        pedida = HojaEnInternet.model_validate({**opciones.model_dump(), **_objeto(request.get_json())})
        return _importar_url(pedida)
    subido = _subido()
    elegidas = Opciones.model_validate({**opciones.model_dump(), **request.form})
    return _importar_fichero(subido, elegidas)


@rutas.get("/admin/importaciones")
@rutas.input(Lista, location="query", arg_name="pagina")
@rutas.output(Importaciones, description="La más reciente primero, de 50 en 50 si no se dice otra cosa")
@rutas.doc(responses={400: "Un parámetro no vale", **SIN_PERMISO})
def listar(pagina: Lista) -> Response:
    """Importaciones hechas, en curso y en espera."""
    consulta = importaciones.lista()
    with lectura(fallo=fallo_de_base) as conexion:
        total = repositorio.contar(conexion, consulta)
        filas = list(repositorio.recorrer(conexion, consulta.limit(pagina.limite).offset(pagina.salto)))
    cuerpo = {"success": True, "importaciones": [trabajos.informe(fila) for fila in filas]}
    return respuesta(cuerpo, cabeceras=pagina_en_url(pagina, total))


@rutas.get("/admin/importaciones/<importacion_id>")
@rutas.output(ImportacionConRechazos)
@rutas.doc(responses={404: "No existe", **SIN_PERMISO})
def estado(importacion_id: str) -> Response:
    """Cómo va una importación, o cómo acabó."""
    with lectura(fallo=fallo_de_base) as conexion:
        informe = trabajos.informe(trabajos.obtener(conexion, importacion_id))
        primeras = rechazadas.primeras(conexion, importacion_id, _A_LA_VISTA)
    return respuesta({**informe, "rechazadas": primeras})


@rutas.delete("/admin/importaciones/<importacion_id>")
@rutas.post("/admin/importaciones/<importacion_id>/cancelar")
@rutas.output(Importacion, status_code=202, description="Pedido: se parará sin haber cambiado nada")
@rutas.doc(responses={404: "No existe", 409: "Ya ha terminado", **SIN_PERMISO})
@en_transaccion(fallo=fallo_de_base)
def cancelar(conexion: sa.Connection, importacion_id: str) -> Response:
    """Cancelar una importación en espera o en curso."""
    return respuesta(trabajos.informe(trabajos.cancelar(conexion, importacion_id)), 202)


@rutas.get("/admin/importaciones/<importacion_id>/rechazadas")
@rutas.doc(responses={200: FICHERO, 404: "No existe, o no rechazó ninguna fila", **SIN_PERMISO})
def descargar_rechazadas(importacion_id: str) -> Response:
    """Descargar un xlsx con las filas rechazadas y su motivo, para corregirlas y volver a subirlas."""

    def escribir(destino: Path) -> None:
        with lectura(fallo=fallo_de_base) as conexion:
            exportar_rechazadas(conexion, trabajos.obtener(conexion, importacion_id), destino)

    return como_descarga("rechazadas.xlsx", escribir)


def corredor() -> Corredor:
    return cast("Corredor", current_app.extensions["importaciones"])


def _subido() -> FileStorage:
    request.max_content_length = MAXIMO_DEL_FICHERO + MEBIBYTE  # el formulario ocupa algo más que su fichero
    try:
        subido = request.files.get("archivo")
    except RequestEntityTooLarge:
        raise rechazar("el fichero", demasiado_grande("el fichero")) from None
    if subido is None:
        raise PeticionInvalida(SIN_HOJA, campo="archivo")
    return subido


def _importar_fichero(subido: FileStorage, opciones: Opciones) -> Response:
    nombre = subido.filename or "sin nombre"
    try:
        fichero = trabajos.guardar_fichero(subido.stream, nombre, corredor().carpeta)
    except FicheroInvalido as fallo:
        raise rechazar(nombre, fallo) from None
    g.huella = f"{fichero['sha256']} {opciones.model_dump_json()}".encode()
    try:
        aceptada: Response = _encargar(fichero, Encargo(opciones.modo, opciones.simular))
    except BaseException:
        Path(fichero["ruta"]).unlink(missing_ok=True)
        raise
    if "Idempotent-Replayed" in aceptada.headers:
        Path(fichero["ruta"]).unlink(missing_ok=True)
    corredor().avisar()
    return aceptada


def _importar_url(pedida: HojaEnInternet) -> Response:
    try:
        origen = trabajos.origen_de(pedida.url, corredor().carpeta, con_ficheros=False)
    except FicheroInvalido as fallo:
        raise rechazar(pedida.url, fallo) from None
    aceptada: Response = _encargar(origen, Encargo(pedida.modo, pedida.simular, "url"))
    corredor().avisar()
    return aceptada


@en_transaccion(fallo=fallo_de_base, idempotente=True)
def _encargar(conexion: sa.Connection, origen: dict[str, Any], encargo: Encargo) -> Response:
    nueva = trabajos.encargar(conexion, origen, encargo)
    destino = url_for("importaciones.estado", importacion_id=nueva)
    return respuesta(trabajos.informe(trabajos.obtener(conexion, nueva)), 202, {"Location": destino})


@en_transaccion(fallo=fallo_de_base)
def _anotar_rechazo(conexion: sa.Connection, nombre: str, motivo: str) -> None:
    trabajos.anotar_rechazo(conexion, nombre, motivo, None)


def rechazar(nombre: str, fallo: FicheroInvalido) -> ErrorDeServicio:
    """Deja el rechazo en el historial y da el error con el que se contesta."""
    _anotar_rechazo(nombre, str(fallo))
    clase = FicheroDemasiadoGrande if isinstance(fallo, DemasiadoGrande) else PeticionInvalida
    return clase(str(fallo), campo="archivo")


def _objeto(valor: Any) -> dict[str, Any]:
    if not isinstance(valor, dict):
        raise PeticionInvalida(CUERPO_NO_ES_OBJETO)
    return valor
