"""Repartir leads: darlos a un agente desde la lista, los marcados o todos los del filtro, y deshacerlo."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from chasis.errores import Conflicto, PeticionInvalida
from tuotempo_leads.aplicacion import reparto as casos
from tuotempo_leads.entradas.panel.base import bd, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.cola import destinatario
from tuotempo_leads.entradas.panel.filtros import Filtros
from tuotempo_leads.entradas.panel.identificadores import identificador
from tuotempo_leads.entradas.panel.leads import de_texto
from tuotempo_leads.entradas.panel.paginas import POR_PAGINA
from tuotempo_leads.entradas.panel.textos import cuantos, frase
from tuotempo_leads.infraestructura import listado, repartos


@rutas.post("/leads/repartir")
@requiere("supervisor")
def repartir_leads() -> Response:
    filtros = de_texto(request.form.get("filtros", ""))
    donde: dict[str, Any] = {**filtros.usados, "pagina": request.form.get("pagina") or None}
    volver = url_for("panel.leads", **donde)
    try:
        elegidos, agente = _elegidos(filtros), destinatario()
        with bd().escritura() as conexion:
            hecho = casos.repartir(conexion, elegidos, agente, sesion().usuario_id)
    except PeticionInvalida as error:
        flash(frase(error.texto), "danger")
        return redirect(volver)
    flash(_resumen(hecho), "success" if hecho.dados else "info")
    if hecho.dados:
        return redirect(
            url_for("panel.ver_repartos", nuevo=hecho.lote, volver=filtros.en_la_direccion or None)
        )
    return redirect(volver)


@rutas.get("/leads/repartos")
@requiere("supervisor")
def ver_repartos() -> str:
    with bd().lectura() as conexion:
        ultimos = repartos.ultimos(conexion)
    volver = de_texto(request.args.get("volver", ""))
    return render_template(
        "repartos.html",
        repartos=ultimos,
        nuevo=request.args.get("nuevo"),
        volver=volver,
        seccion="panel.leads",
    )


@rutas.post("/leads/repartos/<lote>/deshacer")
@requiere("supervisor")
def deshacer_reparto(lote: str) -> Response:
    try:
        with bd().escritura() as conexion:
            devueltos = casos.deshacer(conexion, lote, sesion().usuario_id)
    except Conflicto as error:
        flash(frase(error.texto), "warning")
    else:
        flash(f"{cuantos(devueltos, 'lead vuelve', 'leads vuelven')} a quien lo tenía antes.", "success")
    return redirect(url_for("panel.ver_repartos"))


def _elegidos(filtros: Filtros) -> Select[Any]:
    """Los marcados o, si se pide, todos los que cumplen el filtro con el que se estaba mirando."""
    if request.form.get("cuales") == "todos":
        if not filtros.validate():
            raise PeticionInvalida("El filtro no vale: vuelve a la lista y repite", campo="filtros")
        return listado.ids(filtros.como_filtro())
    marcados = request.form.getlist("leads")[:POR_PAGINA]
    ids = list(filter(None, map(identificador, marcados)))
    if not ids:
        raise PeticionInvalida("Marca al menos un lead", campo="leads")
    return listado.ids_entre(ids)


def _resumen(hecho: casos.Reparto) -> str:
    partes = [cuantos(hecho.dados, "lead repartido", "leads repartidos")]
    if suyos := hecho.elegidos - hecho.dados - hecho.excluidos:
        partes.append(f"{cuantos(suyos, 'ya era', 'ya eran')} de ese agente")
    if hecho.excluidos:
        partes.append(f"{hecho.excluidos} no, porque su número está en la lista de exclusión")
    return f"{'; '.join(partes)}."
