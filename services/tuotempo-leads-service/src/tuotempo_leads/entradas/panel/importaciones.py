"""Una importación: simularla, hacerla, verla avanzar, cancelarla y recoger lo que rechazó."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as RespuestaWSGI

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion.exportacion import exportar_rechazadas
from tuotempo_leads.aplicacion.importacion import disponibles, trabajos
from tuotempo_leads.aplicacion.importacion.trabajos import Encargo
from tuotempo_leads.entradas.descargas import como_descarga
from tuotempo_leads.entradas.importaciones import corredor
from tuotempo_leads.entradas.panel.base import bd, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.recargas import carpeta, rechazar
from tuotempo_leads.entradas.panel.revision import elegidos, pagina, recordar
from tuotempo_leads.infraestructura import importaciones, rechazadas
from tuotempo_leads.infraestructura.hojas import vistazo
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

CADA = 1  # segundos entre dos miradas al progreso
_MODOS = ("reemplazar", "anadir")
_A_LA_VISTA = 10


@rutas.post("/recargar-datos/importaciones")
@requiere("supervisor")
def encargar_importacion() -> RespuestaWSGI | str | tuple[str, int]:
    """Con las columnas elegidas en el formulario o, para hacer lo que se ha simulado, con las de `simulada`."""
    modo, simular = request.form.get("modo", ""), request.form.get("simular") == "1"
    if modo not in _MODOS:
        raise PeticionInvalida("El modo debe ser reemplazar o anadir", campo="modo")
    ruta = disponibles.buscar(carpeta(), request.form.get("archivo", ""))
    campos = _de_la_simulada()
    try:
        if dichos := elegidos():
            visto = vistazo.mirar(ruta, ruta.name, dichos)
            if visto.queja:
                return pagina(ruta, visto)
            campos = recordar(visto)
        origen = disponibles.copiar(ruta, corredor().carpeta, request.form.get("sha256", ""))
    except FicheroInvalido as fallo:
        return rechazar(ruta.name, fallo)
    return encargar(origen, Encargo(modo, simular, "fichero", sesion().usuario_id, campos))  # type: ignore[arg-type]


def encargar(origen: Mapping[str, Any], encargo: Encargo) -> RespuestaWSGI:
    """Deja el fichero ya recibido en manos del corredor y lleva a la página que lo ve avanzar."""
    try:
        with bd().escritura() as conexion:
            nueva = trabajos.encargar(conexion, origen, encargo)
    except BaseException:
        Path(origen["ruta"]).unlink(missing_ok=True)
        raise
    corredor().avisar()
    return redirect(url_for("panel.importacion", importacion_id=nueva))


def _de_la_simulada() -> str | None:
    with bd().lectura() as conexion:
        simulada = importaciones.obtener(conexion, request.form.get("simulada", "")[:36])
    return simulada["correspondencia"] if simulada else None


@rutas.get("/recargar-datos/importaciones/<importacion_id>")
@requiere("supervisor")
def importacion(importacion_id: str) -> str:
    return render_template("importacion.html", cada=CADA, **_datos(importacion_id))


@rutas.get("/recargar-datos/importaciones/<importacion_id>/trozo")
@requiere("supervisor")
def trozo_de_importacion(importacion_id: str) -> str:
    return render_template("_importacion.html", **_datos(importacion_id))


@rutas.post("/recargar-datos/importaciones/<importacion_id>/cancelar")
@requiere("supervisor")
def cancelar_importacion(importacion_id: str) -> RespuestaWSGI:
    try:
        with bd().escritura() as conexion:
            trabajos.cancelar(conexion, importacion_id)
    except Conflicto as tarde:
        flash(tarde.texto, "warning")
    else:
        flash("Cancelación pedida: se parará sin haber cambiado nada.", "info")
    return redirect(url_for("panel.importacion", importacion_id=importacion_id))


@rutas.get("/recargar-datos/importaciones/<importacion_id>/rechazadas")
@requiere("supervisor")
def rechazadas_de_importacion(importacion_id: str) -> Response:
    """Un xlsx con las filas rechazadas y su motivo, para corregirlas y volver a subirlas."""

    def escribir(destino: Path) -> None:
        with bd().lectura() as conexion:
            exportar_rechazadas(conexion, trabajos.obtener(conexion, importacion_id), destino)

    return como_descarga("rechazadas.xlsx", escribir)


def _datos(importacion_id: str) -> dict[str, Any]:
    with bd().lectura() as conexion:
        trabajo = trabajos.obtener(conexion, importacion_id)
        primeras = rechazadas.primeras(conexion, importacion_id, _A_LA_VISTA)
    abierta = trabajo["estado"] in importaciones.ABIERTAS
    duracion = None
    if trabajo["terminada_en"] and trabajo["empezada_en"]:
        duracion = (trabajo["terminada_en"] - trabajo["empezada_en"]).total_seconds()
    informe = trabajos.informe(trabajo)
    return {"una": informe, "abierta": abierta, "rechazadas": primeras, "duracion": duracion}
