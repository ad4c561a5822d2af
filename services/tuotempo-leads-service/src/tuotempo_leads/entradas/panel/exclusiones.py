"""Exclusiones: los números a los que no se puede llamar. Se añaden y se buscan; desde aquí nadie los quita."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from chasis.errores import PeticionInvalida
from tuotempo_leads.aplicacion import exclusiones as casos
from tuotempo_leads.aplicacion.importacion import trabajos
from tuotempo_leads.aplicacion.importacion.trabajos import Encargo
from tuotempo_leads.dominio import telefonos
from tuotempo_leads.entradas.importaciones import corredor
from tuotempo_leads.entradas.panel.base import bd, en_el_menu, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.importaciones import encargar
from tuotempo_leads.entradas.panel.paginas import POR_PAGINA, Paginas, numero_de_pagina, salto
from tuotempo_leads.infraestructura import exclusiones, repositorio
from tuotempo_leads.infraestructura.hojas.formato import MAXIMO_DEL_FICHERO, MEBIBYTE, FicheroInvalido
from tuotempo_leads.infraestructura.interbloqueos import en_escritura

en_el_menu(40, "Exclusiones", "panel.ver_exclusiones", "telephone-x")


@rutas.get("/exclusiones")
def ver_exclusiones() -> str:
    return _pagina()


@rutas.post("/exclusiones")
def excluir() -> str | Response | tuple[str, int]:
    telefono = request.form.get("telefono", "")
    origen, motivo = request.form.get("origen", ""), request.form.get("motivo", "").strip()
    try:
        hecho = _anadir(telefono, origen, motivo)
    except PeticionInvalida as error:
        return _pagina(error), 400
    if hecho.nuevos:
        cierre = ": su rellamada pendiente queda cancelada" if hecho.canceladas else ""
        flash(f"El {telefonos.normalizar(telefono)} ya no se puede llamar{cierre}.", "success")
    else:
        flash(f"El {telefonos.normalizar(telefono)} ya estaba en esa lista.", "info")
    return redirect(url_for("panel.ver_exclusiones"))


@rutas.post("/exclusiones/fichero")
@requiere("supervisor")
def excluir_fichero() -> str | Response | tuple[str, int]:
    """Lo hace el corredor, y se ve avanzar: una lista oficial tiene decenas de miles de números."""
    lista, motivo = request.form.get("origen", ""), request.form.get("motivo", "").strip()
    try:
        casos.exigir_lista(lista, motivo)
        origen = _recibido()
    except PeticionInvalida as error:
        return _pagina(error), 400
    except FicheroInvalido as fallo:
        return _pagina(PeticionInvalida(str(fallo), campo="archivo")), 400
    quien = sesion().usuario_id
    return encargar(origen, Encargo("excluir", usuario_id=quien, lista=lista, motivo=motivo or None))


excluir_fichero.cuerpo_maximo = MAXIMO_DEL_FICHERO + MEBIBYTE  # type: ignore[attr-defined]


def _anadir(telefono: str, origen: str, motivo: str) -> casos.Anadidas:
    def intentar() -> casos.Anadidas:
        suyo = ([telefono], origen, motivo, sesion().usuario_id)
        return en_escritura(bd(), lambda conexion: casos.anadir(conexion, *suyo))

    try:
        return intentar()
    except IntegrityError:  # alguien lo ha añadido a la vez: ahora ya está
        return intentar()


def _recibido() -> dict[str, Any]:
    subido = request.files.get("archivo")
    if subido is None or not subido.filename:
        raise PeticionInvalida("Elige el fichero con los números", campo="archivo")
    return trabajos.guardar_fichero(subido.stream, subido.filename, corredor().carpeta)


def _pagina(error: PeticionInvalida | None = None) -> str:
    buscado, origen = request.args.get("q", "").strip(), request.args.get("origen", "")
    # Un número entero se busca normalizado; un trozo, por sus primeras cifras.
    cifras = telefonos.normalizar(buscado) or re.sub(r"[^0-9]", "", buscado)
    numero = numero_de_pagina()
    lista = exclusiones.lista(cifras or buscado, origen)
    with bd().lectura() as conexion:
        cargas = exclusiones.ultimas_cargas(conexion)
        total = repositorio.contar(conexion, lista)
        pagina = lista.limit(POR_PAGINA).offset(salto(numero))
        filas = conexion.execute(pagina).all()
    return render_template(
        "exclusiones.html",
        filas=filas,
        paginas=Paginas(numero, total, "panel.ver_exclusiones"),
        cargas=cargas,
        origenes=casos.ORIGENES,
        error=error,
        filtrado=bool(buscado or origen),
        maximo=MAXIMO_DEL_FICHERO,
    )
