"""Trozos de frase que se repiten en las páginas: cantidades, esperas y días, dichos como se dicen."""

from __future__ import annotations

from datetime import datetime, timedelta

from tuotempo_leads.entradas.panel.formato import numero

_ROTULOS = {
    "telefono": "Teléfono",
    "telefono2": "Otro teléfono",
    "nombre_clinica": "Clínica",
    "direccion_clinica": "Dirección de la clínica",
    "codigo_postal": "Código postal",
    "email": "Correo electrónico",
    "nif": "NIF",
    "fecha_nacimiento": "Fecha de nacimiento",
    "area_id": "Identificador del centro",
    "match_source": "Origen de la coincidencia",
    "match_confidence": "Confianza de la coincidencia",
    "clinica_id": "Identificador de la clínica",
    "delegacion": "Delegación",
    "poliza": "Póliza",
    "conPack": "Con pack",
    "ultimo_estado": "Último estado",
    "status_level_1": "Estado",
    "status_level_2": "Subestado",
    "error_tecnico": "Error técnico",
    "razon_vuelta_a_llamar": "Razón para volver a llamar",
    "razon_no_interes": "Razón para no interesarse",
}
_DIAS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


def cuantos(total: int, uno: str, varios: str) -> str:
    """«1 nuevo», «2.500 nuevos»."""
    return f"{numero(total)} {uno if total == 1 else varios}"


def con_mayuscula(texto: str) -> str:
    """Solo la primera letra: «no da motivos. Más» → «No da motivos. Más»."""
    return texto[:1].upper() + texto[1:]


def frase(texto: str) -> str:
    """Con su punto final, tuviera ya uno o no."""
    return f"{texto.rstrip('.')}."


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


def rotulo(campo: str) -> str:
    """Un campo del lead como se le llama: `codigo_postal` → «Código postal»."""
    return _ROTULOS.get(campo, campo.replace("_", " ").capitalize())
