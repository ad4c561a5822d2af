"""Todas las rutas de tuotempo-leads-service."""

from __future__ import annotations

from tuotempo_leads.entradas import carga_excel, centros, citas, exportaciones, importaciones, resultados

RUTAS = (
    resultados.rutas,
    centros.rutas,
    citas.rutas,
    importaciones.rutas,
    exportaciones.rutas,
    carga_excel.rutas,
)
