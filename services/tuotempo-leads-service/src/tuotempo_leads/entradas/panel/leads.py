"""Leads: la lista de contactos, filtrada en el servidor, con vistas guardadas y exportación."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as RespuestaWSGI

from chasis.errores import PeticionInvalida
from tuotempo_leads.aplicacion.exportacion import exportar_leads
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.provincias import provincia_de
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.descargas import como_descarga
from tuotempo_leads.entradas.panel.base import bd, en_el_menu, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.filtros import Filtros, leer
from tuotempo_leads.entradas.panel.paginas import POR_PAGINA, Paginas, numero_de_pagina, salto
from tuotempo_leads.infraestructura import cola, listado, vistas
from tuotempo_leads.infraestructura.interbloqueos import en_escritura

en_el_menu(20, "Leads", "panel.leads", "person-lines-fill")
_FORMATOS = ("xlsx", "csv")
_MAYOR_NOMBRE = 60


@rutas.get("/leads")
def leads() -> str | tuple[str, int]:
    numero = min(numero_de_pagina(), listado.TOPE // POR_PAGINA)
    filas, total = [], 0
    with bd().lectura() as conexion:
        agentes = cola.agentes(conexion)
        filtros = leer(request.args, agentes)
        validos = filtros.validate()
        guardadas = vistas.de_usuario(conexion, sesion().usuario_id)
        if validos:
            filas = listado.pagina(conexion, filtros.como_filtro(), POR_PAGINA, salto(numero))
            total = listado.contar(conexion, filtros.como_filtro())
    pagina = render_template(
        "leads.html",
        filtros=filtros,
        leads=filas,
        total=total,
        tope=listado.TOPE,
        paginas=Paginas(numero, min(total, listado.TOPE), "panel.leads"),
        vistas=guardadas,
        agentes=agentes,
        provincia_de=provincia_de,
    )
    return pagina if validos else (pagina, 400)


@rutas.get("/exportar-tabla-leads")
@requiere("supervisor")
def exportar_tabla_leads() -> Response:
    """Exactamente los leads del filtro, a xlsx o csv; queda en el historial con quién lo hizo."""
    filtros, formato = leer_con_agentes(request.args), request.args.get("formato", "xlsx")
    if not filtros.validate() or formato not in _FORMATOS:
        raise PeticionInvalida("El filtro de la exportación no vale: vuelve a la lista y exporta desde allí.")
    nombre = f"leads_{datetime.now(ajustes().zona):%Y%m%d_%H%M%S}.{formato}"

    def escribir(ruta: Path) -> None:
        exportar_leads(bd(), filtros.como_filtro(), formato, ruta, sesion().usuario_id)

    return como_descarga(nombre, escribir)


@rutas.post("/leads/vistas")
def guardar_vista() -> RespuestaWSGI:
    nombre = request.form.get("nombre", "").strip()[:_MAYOR_NOMBRE]
    filtros = de_texto(request.form.get("filtros", ""))
    if not nombre or not filtros.validate() or not filtros.usados:
        flash("Para guardar una vista hacen falta un nombre y algún filtro.", "warning")
        return redirect(url_for("panel.leads"))
    suya = (sesion().usuario_id, nombre, filtros.en_la_direccion, ahora())
    cabe = en_escritura(bd(), lambda conexion: vistas.guardar(conexion, *suya))
    if cabe:
        flash(f"Vista «{nombre}» guardada.", "success")
    else:
        flash(f"Ya tienes {vistas.MAXIMO} vistas: borra alguna antes de guardar otra.", "warning")
    return redirect(f"{url_for('panel.leads')}?{filtros.en_la_direccion}")


@rutas.post("/leads/vistas/<int:vista_id>/borrar")
def borrar_vista(vista_id: int) -> RespuestaWSGI:
    with bd().escritura() as conexion:
        vistas.quitar(conexion, sesion().usuario_id, vista_id)
    flash("Vista borrada.", "success")
    return redirect(url_for("panel.leads"))


def de_texto(consulta: str) -> Filtros:
    return leer_con_agentes(MultiDict(parse_qsl(consulta)))


def leer_con_agentes(argumentos: MultiDict[str, str]) -> Filtros:
    """Los filtros de una dirección, con los agentes que hay ahora."""
    with bd().lectura() as conexion:
        return leer(argumentos, cola.agentes(conexion))
