"""Hoy: lo primero que se ve cada mañana. La parte que cambia se pide sola cada 15 segundos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template

from tuotempo_leads.aplicacion import hoy as casos
from tuotempo_leads.aplicacion.hoy import Cifras, Recuento
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.estados import CITA_AGENDADA, CONTACTADO, NO_INTERESADO, VOLVER_A_LLAMAR
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.panel.base import bd, en_el_menu, rutas
from tuotempo_leads.entradas.panel.formato import numero, porcentaje

en_el_menu(10, "Hoy", "panel.hoy", "speedometer2")
CADA = 15  # segundos entre dos lecturas
_IGUAL = 0.05  # puntos: con un decimal, no se vería la diferencia


@dataclass(frozen=True)
class Tarjeta:
    """Una cifra con lo que va de día; `diferencia` es con ayer a estas horas, ya escrita."""

    titulo: str
    valor: str
    filtro: dict[str, str]
    hoy: str
    diferencia: str
    explicacion: str


@rutas.get("/")
def hoy() -> str:
    return render_template("hoy.html", cada=CADA, **_datos())


@rutas.get("/panel/hoy")
def trozo_de_hoy() -> str:
    return render_template("_hoy.html", **_datos())


def _datos() -> dict[str, Any]:
    momento = ahora()
    with bd().lectura() as conexion:
        cifras = casos.calcular(conexion, momento, ajustes().zona)
    fecha = cifras.dias[0].fecha.isoformat()
    del_dia = {"llamada_desde": fecha, "llamada_hasta": fecha}
    return {"cifras": cifras, "tarjetas": tarjetas(cifras), "del_dia": del_dia, "leido": momento}


def tarjetas(cifras: Cifras) -> list[Tarjeta]:
    """Las seis: el total de contactos, y lo de hoy frente a ayer a estas horas."""
    todos, hoy, ayer = cifras.contactos, cifras.hoy, cifras.ayer
    tasa = porcentaje(todos.contactados, todos.total)
    return [
        _de("Total llamadas", "total", cifras, {}, "Contactos cargados; hoy, llamadas hechas"),
        _de("Leads contactados", "contactados", cifras, {"estado": CONTACTADO}, "Contactos con un resultado"),
        _de("Citas agendadas", "citas", cifras, {"estado": CITA_AGENDADA}, "Con pack y sin pack"),
        _de("Volver a llamar", "volver", cifras, {"estado": VOLVER_A_LLAMAR}, "Pendientes de otra llamada"),
        _de("No interesados", "no_interesados", cifras, {"estado": NO_INTERESADO}, "Dijeron que no"),
        Tarjeta(
            "Tasa contacto",
            tasa,
            {"estado": CONTACTADO},
            porcentaje(hoy.contactados, hoy.total),
            _puntos(hoy, ayer),
            "Contactados ÷ total",
        ),
    ]


def _de(titulo: str, que: str, cifras: Cifras, filtro: dict[str, str], explicacion: str) -> Tarjeta:
    hoy, ayer = getattr(cifras.hoy, que), getattr(cifras.ayer, que)
    diferencia = f"{hoy - ayer:+d}".replace("-", "−") if hoy != ayer else "="
    valor = numero(getattr(cifras.contactos, que))
    return Tarjeta(titulo, valor, filtro, numero(hoy), diferencia, explicacion)


def _puntos(hoy: Recuento, ayer: Recuento) -> str:
    if not hoy.total or not ayer.total:
        return "="
    puntos = 100 * hoy.contactados / hoy.total - 100 * ayer.contactados / ayer.total
    if abs(puntos) < _IGUAL:
        return "="
    return f"{puntos:+.1f} p.".replace(".", ",", 1).replace("-", "−")
