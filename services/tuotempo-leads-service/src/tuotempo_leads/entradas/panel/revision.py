"""Revisar una hoja antes de simularla: qué se ha entendido de cada columna, y corregirlo."""

from __future__ import annotations

from pathlib import Path

import orjson
from flask import render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tuotempo_leads.aplicacion.importacion import disponibles
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.cabeceras import COLUMNAS, huella, proponer
from tuotempo_leads.entradas.panel.base import bd, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.recargas import anotar, carpeta, rechazar
from tuotempo_leads.entradas.panel.textos import rotulo
from tuotempo_leads.infraestructura import correspondencias
from tuotempo_leads.infraestructura.hojas import vistazo
from tuotempo_leads.infraestructura.hojas.apertura import MAXIMO_DE_COLUMNAS
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido
from tuotempo_leads.infraestructura.hojas.vistazo import Vistazo
from tuotempo_leads.infraestructura.interbloqueos import en_escritura

_CAMPO = "campo-"  # y la posición de su columna


@rutas.get("/recargar-datos/hoja")
@requiere("supervisor")
def revisar() -> str | Response | tuple[str, int]:
    """Con las columnas que se eligieron la última vez para esas cabeceras o, si no, con las que se entienden."""
    ruta = disponibles.buscar(carpeta(), request.args.get("archivo", ""))
    try:
        visto = vistazo.mirar(ruta, ruta.name)
        with bd().lectura() as conexion:
            recordados = correspondencias.obtener(conexion, huella(visto.titulos))
        if recordados is not None and recordados != visto.campos:
            return pagina(ruta, vistazo.mirar(ruta, ruta.name, recordados), recordadas=True)
    except FicheroInvalido as fallo:
        return rechazar(ruta.name, fallo)
    if visto.queja:
        anotar(ruta.name, visto.queja)
    return pagina(ruta, visto)


@rutas.post("/recargar-datos/hoja")
@requiere("supervisor")
def corregir() -> str | Response | tuple[str, int]:
    """La misma página con las columnas que se acaban de elegir."""
    ruta = disponibles.buscar(carpeta(), request.form.get("archivo", ""))
    try:
        return pagina(ruta, vistazo.mirar(ruta, ruta.name, elegidos()))
    except FicheroInvalido as fallo:
        return rechazar(ruta.name, fallo)


def elegidos() -> list[str] | None:
    """El campo elegido para cada posición del formulario; `None` si no trae ninguno."""
    dichos = {
        clave.removeprefix(_CAMPO): valor for clave, valor in request.form.items() if clave.startswith(_CAMPO)
    }
    posiciones = {int(p): valor for p, valor in dichos.items() if p.isdecimal() and len(p) < 4}
    if not posiciones:
        return None
    return [posiciones.get(n, "") for n in range(min(max(posiciones) + 1, MAXIMO_DE_COLUMNAS))]


def pagina(ruta: Path, visto: Vistazo, *, recordadas: bool = False) -> str | tuple[str, int]:
    html = render_template(
        "revisar.html",
        archivo=ruta.name,
        visto=visto,
        campos={columna.nombre: rotulo(columna.nombre) for columna in COLUMNAS},
        recordadas=recordadas,
        modo=request.form.get("modo", "reemplazar"),
    )
    return (html, 400) if visto.queja else html


def recordar(visto: Vistazo) -> str | None:
    """Guarda lo elegido para la próxima hoja con estas cabeceras y lo da como lo quiere el trabajo.

    Si es lo que se entendería sin elegir nada, y nunca se eligió otra cosa, no hay nada que guardar.
    """
    suya, quien = huella(visto.titulos), sesion().usuario_id

    def guardar(conexion: Connection) -> bool:
        if visto.campos == proponer(visto.titulos) and correspondencias.obtener(conexion, suya) is None:
            return False
        correspondencias.guardar(conexion, suya, visto.campos, quien, ahora())
        return True

    return orjson.dumps(visto.campos).decode() if en_escritura(bd(), guardar) else None
