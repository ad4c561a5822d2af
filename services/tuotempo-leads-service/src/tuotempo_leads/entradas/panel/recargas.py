"""Recargar datos: subir una hoja y el historial. Revisarla está en `revision`; importarla, en `importaciones`."""

from __future__ import annotations

from pathlib import Path

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from tuotempo_leads.aplicacion.importacion import disponibles, trabajos
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.panel.base import bd, en_el_menu, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.errores import pagina_de_error
from tuotempo_leads.infraestructura import historial, importaciones
from tuotempo_leads.infraestructura.hojas.formato import (
    MAXIMO_DEL_FICHERO,
    MEBIBYTE,
    FicheroInvalido,
    demasiado_grande,
)

en_el_menu(50, "Recargar datos", "panel.recargar", "cloud-upload", "supervisor")
PESTANAS = {
    "disponibles": "Archivos disponibles",
    "subir": "Subir archivo",
    "historial": "Historial de recargas",
}


def carpeta() -> Path:
    """Donde están las hojas subidas desde el panel."""
    return ajustes().directorio_datos / "hojas"


@rutas.get("/recargar-datos")
@requiere("supervisor")
def recargar() -> str:
    pestana = request.args.get("pestana", "")
    pestana = pestana if pestana in PESTANAS else "disponibles"
    with bd().lectura() as conexion:
        en_curso = importaciones.abiertas(conexion)
        lineas = historial.ultimas(conexion) if pestana == "historial" else []
    hojas = disponibles.lista(carpeta()) if pestana == "disponibles" else []
    return render_template(
        "recargar.html",
        pestanas=PESTANAS,
        pestana=pestana,
        hojas=hojas,
        lineas=lineas,
        en_curso=en_curso,
        maximo=MAXIMO_DEL_FICHERO,
    )


@rutas.post("/recargar-datos")
@requiere("supervisor")
def pedir_recarga() -> Response:
    """Con `action=recargar_existente` se revisa una de las que hay; con `subir_archivo`, se sube otra."""
    acciones = {"recargar_existente": _elegir, "subir_archivo": _subir}
    if request.form.get("action") not in acciones:
        abort(400)
    return acciones[request.form["action"]]()


pedir_recarga.cuerpo_maximo = MAXIMO_DEL_FICHERO + MEBIBYTE  # type: ignore[attr-defined]


@rutas.errorhandler(RequestEntityTooLarge)
def no_cabe(_: RequestEntityTooLarge) -> tuple[str, int]:
    fallo = demasiado_grande("el fichero")
    if request.endpoint == "panel.pedir_recarga":
        anotar("el fichero", str(fallo))
    return pagina_de_error(413, str(fallo)), 413


def _elegir() -> Response:
    archivo = request.form.get("archivo", "")
    if not archivo:
        flash("Debes seleccionar un archivo", "danger")
        return redirect(url_for("panel.recargar"))
    return redirect(url_for("panel.revisar", archivo=archivo))


def _subir() -> Response:
    subido = request.files.get("archivo")
    if subido is None or not subido.filename:
        flash("No se seleccionó ningún archivo", "danger")
        return redirect(url_for("panel.recargar", pestana="subir"))
    try:
        nombre = disponibles.guardar(subido.stream, subido.filename, carpeta())
    except FicheroInvalido as fallo:
        return rechazar(subido.filename, fallo)
    flash(f"Archivo {nombre} subido correctamente", "success")
    if request.form.get("recargar_inmediato"):
        return redirect(url_for("panel.revisar", archivo=nombre))
    return redirect(url_for("panel.recargar"))


def rechazar(nombre: str, fallo: FicheroInvalido) -> Response:
    anotar(nombre, str(fallo))
    flash(str(fallo), "danger")
    return redirect(url_for("panel.recargar", pestana="subir"))


def anotar(nombre: str, motivo: str) -> None:
    """Deja en el historial una hoja que no se puede importar."""
    with bd().escritura() as conexion:
        trabajos.anotar_rechazo(conexion, nombre, motivo, sesion().usuario_id)
