"""Listas de 50 en 50."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from tuotempo_leads.entradas.panel.identificadores import identificador

POR_PAGINA = 50
MAYOR_PAGINA = 10_000


@dataclass(frozen=True)
class Paginas:
    """En qué página se está de la lista que enseña el endpoint `de`; las direcciones conservan los filtros."""

    numero: int
    total: int
    de: str

    @property
    def ultima(self) -> int:
        return max(1, -(-self.total // POR_PAGINA))

    def direccion(self, numero: int) -> str:
        dichos: dict[str, Any] = {clave: valor for clave, valor in request.args.items() if valor}
        return url_for(self.de, **{**dichos, "pagina": numero})


def salto(numero: int) -> int:
    """Cuántas filas van delante de las de esa página."""
    return (numero - 1) * POR_PAGINA


def numero_de_pagina() -> int:
    """La que pide la dirección; si no es un número de página, la primera."""
    return min(identificador(request.args.get("pagina", "")) or 1, MAYOR_PAGINA)
