"""Números y porcentajes como se escriben en español."""

from __future__ import annotations


def numero(valor: float | None) -> str:
    """1234567 → «1.234.567»; lo que no se sabe, «—»."""
    return "—" if valor is None else f"{valor:,.0f}".replace(",", ".")


def porcentaje(parte: float, total: float) -> str:
    """Con un decimal: «12,5 %»; de nada, «0,0 %»."""
    return f"{100 * parte / total if total else 0:.1f} %".replace(".", ",")


def octetos(cuantos: float) -> str:
    """2048 → «2,0 kB»."""
    for unidad in ("B", "kB", "MB"):
        if cuantos < 1000 or unidad == "MB":
            break
        cuantos /= 1000
    return f"{cuantos:.0f} B" if unidad == "B" else f"{cuantos:.1f} {unidad}".replace(".", ",")
