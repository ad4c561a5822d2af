"""Hoy: lo primero que se ve cada mañana."""

from __future__ import annotations

from flask import render_template

from tuotempo_leads.entradas.panel.base import en_el_menu, rutas

en_el_menu(10, "Hoy", "panel.hoy", "speedometer2")


@rutas.get("/")
def hoy() -> str:
    return render_template("hoy.html")
