"""Todas las rutas de tuotempo-leads-service."""

from __future__ import annotations

from tuotempo_leads.entradas import resultados

RUTAS = (resultados.rutas,)
