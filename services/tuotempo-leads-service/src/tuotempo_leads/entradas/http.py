"""Todas las rutas de tuotempo-leads-service."""

from __future__ import annotations

from tuotempo_leads.entradas import centros, citas, resultados

RUTAS = (resultados.rutas, centros.rutas, citas.rutas)
