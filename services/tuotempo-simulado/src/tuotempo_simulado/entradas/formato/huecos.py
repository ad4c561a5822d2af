"""Huecos: los mismos en `/availabilities` y, casi con las mismas claves, dentro de una reserva."""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import Any

from tuotempo_simulado.dominio.huecos import ZONA, Hueco
from tuotempo_simulado.entradas.formato.catalogo import AVISOS

_DIAS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
_MESES = (
    "Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio",
    "Julio", "Agosto", "Septiembre", "Octubre", "Noviembre", "Diciembre",
)  # fmt: skip


def hueco(hueco: Hueco) -> dict[str, Any]:
    """Un elemento de `return.results.availabilities`. `duration` dice 30 y el hueco dura 20: así llega."""
    return {
        **cuando(hueco),
        **_identidad(hueco),
        **lugar(hueco),
        "province": hueco.clinica.provincia.upper(),
        "country": None,
        "duration": "30",
        "activityDuration": "30",
        "activityPrice": "0",
        "description": "",
        "priority": "1",
        "areaWeight": 0,
        "resource_is_machine": "0",
        "resBookingMinAdvance": 4,
        "payment_required": 0,
        "payment_enabled": 0,
        "coupon_enabled": 0,
        "insurance_required": 0,
        "memberid": None,
        "privacy_url": "",
        "notices": avisos(),
        "tags": etiquetas(),
    }


def cuando(hueco: Hueco) -> dict[str, Any]:
    """Fechas y horas; las marcas de tiempo son la hora local escrita como si fuera UTC, igual que el proveedor."""
    dia, mes = hueco.inicio.weekday(), _MESES[hueco.inicio.month - 1]
    desfase = hueco.inicio.replace(tzinfo=ZONA).utcoffset()
    return {
        "start_date": f"{hueco.inicio:%d/%m/%Y}",
        "end_date": f"{hueco.fin:%d/%m/%Y}",
        "startTime": f"{hueco.inicio:%H:%M}",
        "endTime": f"{hueco.fin:%H:%M}",
        "timezone": int(desfase.total_seconds() // 3600) if desfase else 0,
        "start_date_timestamp": _marca(datetime.combine(hueco.inicio.date(), datetime.min.time())),
        "start_datetime_timestamp": _marca(hueco.inicio),
        "end_datetime_timestamp": _marca(hueco.fin),
        "start_date_day_week": _DIAS[dia],
        "start_date_day_abbr_week": _DIAS[dia][:3],
        "start_date_num_week": str(dia + 1),
        "start_date_month": mes,
        "start_date_month_abbr": mes[:3],
    }


def lugar(hueco: Hueco) -> dict[str, Any]:
    clinica = hueco.clinica
    return {
        "areaid": clinica.id,
        "areaTitle": clinica.titulo,
        "address": clinica.direccion,
        "cp": clinica.cp,
        "city": clinica.ciudad or "",
        "region": "",
        "mobile": None,
        "landline": None,
        "latitude": clinica.latitud,
        "longitude": clinica.longitud,
        "resourceid": hueco.recurso.id,
        "resourceName": hueco.recurso.nombre,
        "activityTitle": hueco.actividad.titulo,
        "typologyTitle": hueco.actividad.tipologia,
        "member_name": clinica.miembro,
    }


def avisos() -> dict[str, list[Any]]:
    return {aviso: [] for aviso in AVISOS}


def etiquetas() -> dict[str, None]:
    return dict.fromkeys(("center", "typology", "activity", "resource", "reservation"))


def _identidad(hueco: Hueco) -> dict[str, Any]:
    clinica, actividad = hueco.clinica, hueco.actividad
    return {
        "slotid": hueco.id,
        "provider_session_id": hueco.sesion,
        "machid": hueco.recurso.id,
        "resourceid_areaid": hueco.recurso.id + clinica.id,
        "resource_legacyid": hueco.recurso.codigo,
        "area_legacyid": clinica.codigo,
        "activityid": actividad.id_en(clinica.miembro),
        "activity_web_title": "",
        "portal_activityid": actividad.id,
        "portal_activityTitle": actividad.titulo,
        "typologyid": actividad.tipologia_id + "l",
        "portal_typologyid": actividad.tipologia_id,
    }


def _marca(momento: datetime) -> int:
    return calendar.timegm(momento.timetuple())
