"""Dar cita a un lead en TuoTempo: centro, actividad, hueco y confirmar; si el hueco ya no está, otros parecidos."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

import orjson
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from chasis.errores import Conflicto, ErrorDeServicio, PeticionInvalida
from tuotempo_leads.aplicacion import reservas
from tuotempo_leads.aplicacion.citas import Persona
from tuotempo_leads.aplicacion.exclusiones import exigir_llamable
from tuotempo_leads.aplicacion.resultados import Procedencia
from tuotempo_leads.aplicacion.tuotempo import ErrorDeTuoTempo
from tuotempo_leads.dominio.cita import Hueco, HuecoInvalido, leer
from tuotempo_leads.entradas.base import ajustes, catalogo, citas, proveedor
from tuotempo_leads.entradas.panel.base import bd, rutas, sesion
from tuotempo_leads.entradas.panel.ficha import lead_o_nada, no_existe
from tuotempo_leads.infraestructura.interbloqueos import en_escritura
from tuotempo_leads.infraestructura.tuotempo import Motivo, TuoTempoAPI
from tuotempo_leads.infraestructura.tuotempo.fechas import escribir, hoy

A_LA_VISTA = 60  # huecos: más no se leen, se pide otro día


@rutas.get("/clinica/<int:lead_id>/cita")
def reservar(lead_id: int) -> str | Response:
    return _paso(lead_id)


@rutas.post("/clinica/<int:lead_id>/cita")
def confirmar(lead_id: int) -> str | Response | tuple[str | Response, int]:
    """Lo que TuoTempo rechaza vuelve a la página de los huecos, con los que queden."""
    lead = lead_o_nada(lead_id)
    if lead is None:
        return no_existe()
    try:
        with bd().lectura() as conexion:
            exigir_llamable(conexion, lead.telefono_norm)
        hueco, persona = _hueco(), _persona(lead)
        proveedor().exigir_llave(ajustes().tuotempo_entorno)
        con_pack = "pack" in request.form
        citas().confirmar(_cliente(), ajustes().tuotempo_entorno, hueco, persona, con_pack=con_pack)
    except ErrorDeTuoTempo as error:
        return _no_se_pudo(lead_id, error)
    except ErrorDeServicio as error:
        if error.estado >= 500:
            raise
        return _paso(lead_id, error.texto), error.estado
    _anotar(lead, hueco, con_pack=con_pack)
    flash("Cita confirmada en TuoTempo.", "success")
    return redirect(url_for("panel.ficha", lead_id=lead_id))


def _cliente() -> TuoTempoAPI:
    return proveedor().cliente("es", ajustes().tuotempo_entorno)


def _no_se_pudo(lead_id: int, error: ErrorDeTuoTempo) -> Response | tuple[str | Response, int]:
    if error.fallo.incierto:
        texto = (
            "TuoTempo no ha contestado y no se sabe si dio la cita: se comprobará sola. No la pidas otra vez."
        )
        flash(texto, "warning")
        return redirect(url_for("panel.ficha", lead_id=lead_id))
    if error.fallo.motivo is Motivo.HUECO_OCUPADO:
        return _paso(lead_id, "Ese hueco lo acaba de coger otra persona. Estos son los que quedan"), 409
    return _paso(lead_id, f"TuoTempo no da la cita: {error.texto}"), error.estado


def _paso(lead_id: int, rechazo: str = "") -> str | Response:
    """La página en el paso que toca según lo ya elegido."""
    lead = lead_o_nada(lead_id)
    if lead is None:
        return no_existe()
    centro, actividad = request.values.get("centro", ""), request.values.get("actividad", "")
    centros, actividades, huecos, fallo, desde = [], [], [], "", _desde()
    try:
        centros = reservas.centros(bd(), catalogo(), ajustes().tuotempo_entorno)
        if centro:
            actividades = reservas.actividades(_cliente(), centro)
        if centro and actividad:
            huecos = reservas.huecos(_cliente(), centro, actividad, desde)
    except ErrorDeTuoTempo as error:
        fallo = error.texto
    return render_template(
        "reserva.html",
        lead=lead,
        nombre=" ".join(filter(None, (lead.nombre, lead.apellidos))) or "Sin nombre",
        centros=[(provincia, list(grupo)) for provincia, grupo in groupby(centros, lambda c: c.province)],
        centro=centro,
        sugerido=centro or lead.area_id,
        actividades=actividades,
        actividad=actividad,
        dias=[
            (dia, list(grupo))
            for dia, grupo in groupby(huecos[:A_LA_VISTA], lambda h: h.get("start_date", ""))
        ],
        quedan=max(0, len(huecos) - A_LA_VISTA),
        como_valor=lambda hueco: orjson.dumps(hueco).decode(),
        desde=desde,
        fallo=fallo,
        rechazo=rechazo,
        paso=3 if centro and actividad else 2 if centro else 1,
        seccion="panel.leads",
    )


def _desde() -> date:
    try:
        return max(date.fromisoformat(request.values.get("desde", "")), hoy())
    except ValueError:
        return hoy()


def _hueco() -> Hueco:
    try:
        recibido = orjson.loads(request.form.get("hueco", ""))
        return leer(
            recibido if isinstance(recibido, dict) else {}, ajustes().tuotempo_entorno, ajustes().zona
        )
    except (orjson.JSONDecodeError, HuecoInvalido):
        raise PeticionInvalida("Elige un hueco de la lista", campo="hueco") from None


def _persona(lead: Any) -> Persona:
    if not lead.telefono_norm:
        raise Conflicto("Este lead no tiene un teléfono válido: sin él TuoTempo no da citas")
    datos = {clave: request.form.get(clave, "").strip() for clave in ("nombre", "apellidos", "nacimiento")}
    if not all(datos.values()):
        raise PeticionInvalida("TuoTempo pide el nombre, los apellidos y la fecha de nacimiento")
    try:
        nacimiento = escribir(date.fromisoformat(datos["nacimiento"]))
    except ValueError:
        raise PeticionInvalida("La fecha de nacimiento no es válida", campo="nacimiento") from None
    return Persona(
        telefono=lead.telefono,
        telefono_norm=lead.telefono_norm,
        nombre=datos["nombre"],
        apellidos=datos["apellidos"],
        nacimiento=nacimiento,
        telefono_propio=lead.telefono,
        pedida_por=sesion().usuario_id,
    )


def _anotar(lead: Any, hueco: Hueco, *, con_pack: bool) -> None:
    procedencia = Procedencia(ajustes().zona, ajustes().reglas, "panel", sesion().usuario_id)

    def anotar(conexion: Connection) -> None:
        reservas.anotar(conexion, lead.telefono_norm, hueco, procedencia, con_pack=con_pack)

    en_escritura(bd(), anotar)  # la cita ya está dada: un interbloqueo no puede dejarla sin anotar
