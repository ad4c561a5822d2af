"""`make tableros`: escribe los tableros de Grafana que describe `tableros.yml`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

AQUI = Path(__file__).parent
DESTINO = AQUI / "grafana/dashboards"
TABLA: dict[str, Any] = yaml.safe_load((AQUI / "tableros.yml").read_text("utf-8"))
ANCHO, ALTO = 12, 8  # Grafana reparte cada fila en 24
FUENTE = {"type": "prometheus", "uid": "prometheus"}


def consultas() -> Iterator[tuple[str, str, str]]:
    """Cada consulta de cada tablero: el tablero, el título del panel y el PromQL."""
    for tablero, paneles in TABLA["tableros"].items():
        for panel in paneles:
            for _, consulta in _consultas(tablero, TABLA["paneles"][panel]):
                yield tablero, TABLA["paneles"][panel]["titulo"], consulta


def en_texto(nombre: str) -> str:
    return json.dumps(_tablero(nombre), indent=2, ensure_ascii=False) + "\n"


def _consultas(servicio: str, panel: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for leyenda, consulta in panel["consultas"].items():
        yield leyenda, consulta.replace("SERVICIO", servicio).replace("RITMO", "$__rate_interval")


def _tablero(nombre: str) -> dict[str, Any]:
    return {
        "uid": f"centralita-{nombre}",
        "title": nombre.capitalize(),
        "tags": ["centralita"],
        "schemaVersion": 39,
        "timezone": "browser",
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "links": [{"type": "dashboards", "title": "Los demás", "tags": ["centralita"], "asDropdown": True}],
        "panels": [
            _panel(nombre, numero, TABLA["paneles"][panel])
            for numero, panel in enumerate(TABLA["tableros"][nombre])
        ],
    }


def _panel(servicio: str, numero: int, panel: dict[str, Any]) -> dict[str, Any]:
    fila, columna = divmod(numero, 24 // ANCHO)
    return {
        "id": numero + 1,
        "type": "timeseries",
        "title": panel["titulo"],
        "description": panel.get("explica", ""),
        "datasource": FUENTE,
        "gridPos": {"x": columna * ANCHO, "y": fila * ALTO, "w": ANCHO, "h": ALTO},
        "fieldConfig": {"defaults": {"unit": panel["unidad"], "min": 0}, "overrides": []},
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [
            {"refId": chr(ord("A") + n), "datasource": FUENTE, "expr": consulta, "legendFormat": leyenda}
            for n, (leyenda, consulta) in enumerate(_consultas(servicio, panel))
        ],
    }


if __name__ == "__main__":
    for tablero in TABLA["tableros"]:
        (DESTINO / f"{tablero}.json").write_text(en_texto(tablero), "utf-8")
