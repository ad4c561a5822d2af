"""Cola de rellamadas: a quién hay que llamar, cuándo, con cuánto retraso y si a esa hora se puede."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chasis.errores import PeticionInvalida
from tuotempo_leads.aplicacion import reparto as casos
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.estados import CODIGOS_VOLVER_A_LLAMAR
from tuotempo_leads.dominio.fechas import a_utc, de_utc
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.panel.base import alcanza, bd, en_el_menu, requiere, rutas, sesion
from tuotempo_leads.entradas.panel.filtros import NADIE
from tuotempo_leads.entradas.panel.identificadores import identificador
from tuotempo_leads.entradas.panel.paginas import POR_PAGINA, Paginas, numero_de_pagina, salto
from tuotempo_leads.entradas.panel.textos import con_mayuscula, cuantos, dia_y_hora, duracion, frase
from tuotempo_leads.infraestructura import cola

en_el_menu(30, "Rellamadas", "panel.ver_cola", "telephone-outbound")
TRAMOS = {
    "vencidas": "Vencidas",
    "hora": "Próximas 60 min",
    "hoy": "Hoy",
    "semana": "Semana",
    "despues": "Más adelante",
}
PRONTO = timedelta(minutes=10)
_VISIBLES = 3  # cifras de un teléfono que ve quien no lo necesita entero hasta que llama


@dataclass(frozen=True)
class Fila:
    """Una rellamada como se enseña; `urgencia` es vencida, pronto o ninguna."""

    datos: Any
    cuando: str
    plazo: str
    urgencia: str
    telefono: str
    porque: str
    pais: str
    apertura: str | None
    festivo: str | None


@rutas.get("/rellamadas")
def ver_cola() -> str:
    momento, elegido = ahora(), request.args.get("tramo", "")
    elegido = elegido if elegido in TRAMOS else "hoy"
    tramos, agente, numero = _tramos(momento), _agente(), numero_de_pagina()
    with bd().lectura() as conexion:
        recuentos = cola.contar(conexion, tramos, agente)
        filas = cola.del_tramo(conexion, tramos[elegido], agente, POR_PAGINA, salto(numero))
        agentes = cola.agentes(conexion) if alcanza("supervisor") else []
    return render_template(
        "cola.html",
        filas=[_fila(una, momento) for una in filas],
        tramos=TRAMOS,
        elegido=elegido,
        recuentos=recuentos,
        paginas=Paginas(numero, recuentos[elegido], "panel.ver_cola"),
        agentes=agentes,
        agente=agente,
        ahora=momento,
    )


@rutas.post("/rellamadas/reasignar")
@requiere("supervisor")
def reasignar() -> Response:
    marcadas = request.form.getlist("rellamadas")[:POR_PAGINA]
    ids = list(filter(None, map(identificador, marcadas)))
    volver = redirect(url_for("panel.ver_cola", tramo=request.form.get("tramo") or None))
    try:
        agente = destinatario()
        with bd().escritura() as conexion:
            hecho = casos.repartir_rellamadas(conexion, ids, agente, sesion().usuario_id)
    except PeticionInvalida as error:
        flash(frase(error.texto), "danger")
        return volver
    hechas, excluidas = hecho.elegidos - hecho.excluidos, hecho.excluidos
    flash(f"{cuantos(hechas, 'rellamada reasignada', 'rellamadas reasignadas')}.", "success")
    if excluidas:
        flash(f"{excluidas} no, porque su número está en la lista de exclusión.", "warning")
    if hechas + excluidas < len(ids):
        flash(f"{len(ids) - hechas - excluidas} ya no estaban pendientes.", "info")
    return volver


def destinatario() -> int | None:
    """El agente elegido en un formulario de reparto; `None`, que no sea de nadie."""
    pedido = request.form.get("agente", "")
    if pedido == NADIE:
        return None
    if (agente := identificador(pedido)) is None:
        raise PeticionInvalida("Elige a qué agente se las das", campo="agente")
    return agente


def _tramos(momento: datetime) -> dict[str, cola.Tramo]:
    """Hoy y semana empiezan por lo vencido: es lo primero que hay que llamar."""
    zona = ajustes().zona
    manana = de_utc(momento, zona).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    fin_de_semana = a_utc(manana + timedelta(days=6), zona)
    return {
        "vencidas": (None, momento),
        "hora": (momento, momento + timedelta(hours=1)),
        "hoy": (None, a_utc(manana, zona)),
        "semana": (None, fin_de_semana),
        "despues": (fin_de_semana, None),
    }


def _agente() -> int | None:
    """Un agente ve las suyas y las de nadie; los demás, las de quien pidan, o todas."""
    if not alcanza("supervisor"):
        return sesion().usuario_id
    return identificador(request.args.get("agente", ""))


def _fila(una: Any, momento: datetime) -> Fila:
    zona, pais = ajustes().zona, ajustes().reglas.pais(una.telefono)
    falta, llamable = una.momento - momento, max(una.momento, momento)
    tarde = falta < timedelta(0)
    apertura = None if pais.permite(llamable) else pais.desde(llamable)
    hoy = de_utc(momento, zona)
    return Fila(
        datos=una,
        cuando=dia_y_hora(de_utc(una.momento, zona), hoy),
        plazo=f"{duracion(-falta)} tarde" if tarde else f"en {duracion(falta)}",
        urgencia="vencida" if tarde else "pronto" if falta < PRONTO else "",
        telefono=una.telefono if alcanza("supervisor") else enmascarado(una.telefono),
        porque=con_mayuscula(CODIGOS_VOLVER_A_LLAMAR[una.codigo][1]) if una.codigo else "Hora acordada",
        pais=pais.codigo,
        apertura=None if apertura is None else dia_y_hora(de_utc(apertura, zona), hoy),
        festivo=pais.festivo(llamable),
    )


def enmascarado(telefono: str | None) -> str:
    """«••• ••• 456»: para reconocerlo sin poder apuntarlo."""
    return f"••• ••• {telefono[-_VISIBLES:]}" if telefono else "sin teléfono"
