"""Trozos de frase que se repiten en las páginas: cantidades, esperas y días, dichos como se dicen."""

from __future__ import annotations

from datetime import datetime, timedelta

_DIAS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


def cuantos(numero: int, uno: str, varios: str) -> str:
    """«1 nuevo», «2.500 nuevos»."""
    return f"{numero:,} {uno if numero == 1 else varios}".replace(",", ".")


def duracion(espera: timedelta) -> str:
    """Redondeada a los minutos: «8 min», «3 h 20 min», «2 días»."""
    minutos = max(0, round(espera.total_seconds() / 60))
    if minutos < 60:
        return f"{minutos} min"
    horas, resto = divmod(minutos, 60)
    if horas < 24:
        return f"{horas} h {resto} min" if resto else f"{horas} h"
    return cuantos(horas // 24, "día", "días")


def dia_y_hora(reloj: datetime, hoy: datetime) -> str:
    """«hoy 10:15», «mañana 09:00» o «lun 23/11 09:00»."""
    dias = (reloj.date() - hoy.date()).days
    cercano = {-1: "ayer", 0: "hoy", 1: "mañana"}.get(dias)
    return f"{cercano or f'{_DIAS[reloj.weekday()]} {reloj:%d/%m}'} {reloj:%H:%M}"
