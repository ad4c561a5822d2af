"""Clínicas y actividades: números y booleanos como textos, y casi todo puede ser nulo."""

from __future__ import annotations

from typing import Any

from tuotempo_simulado.dominio.catalogo import Actividad, Clinica

AVISOS = ("center", "typology", "activity", "resource", "insurance", "reservation")
_NULOS = (
    "webDescription", "map_url", "mobile", "landline", "landline2", "fax", "del_interface", "creatorid",
    "modifierid", "deleted", "deletorid", "ex_legacyid", "rooms", "face_img_link", "opening_hrs", "how_to_arr",
    "tags", "member_visibility", "member_legacyid", "member_tags", "legacy_custom_1", "legacy_custom_2",
)  # fmt: skip


def clinica(clinica: Clinica) -> dict[str, Any]:
    """Un elemento de `/areas`. No hay `phone`: no existe en el de verdad."""
    return {
        "areaid": clinica.id,
        "areaTitle": clinica.titulo,
        "isHidden": "0",
        "showSummary": "1",
        "adminEmail": "demo@example.org",
        "isDefault": "0",
        "created": "1498646000",
        "modified": "1690000000",
        "webTitle": "",
        "legacyid": clinica.codigo,
        "address": clinica.direccion,
        "cp": clinica.cp,
        "city": clinica.ciudad,
        "province": clinica.provincia,
        "country": "SPAIN",
        "priority": "1",
        "add_interface": "6",
        "mod_interface": "6",
        "latitude": clinica.latitud,
        "longitude": clinica.longitud,
        "region": "",
        "legacy_custom_0": "0",
        "portal_tags": "",
        "member_name": clinica.miembro,
        "member_code": clinica.codigo,
        "member_notices": {aviso: [] for aviso in AVISOS},
        **dict.fromkeys(_NULOS),
    }


def actividad(actividad: Actividad) -> dict[str, Any]:
    """Un elemento de `/activities`."""
    return {
        "activityid": actividad.id,
        "activityTitle": actividad.titulo,
        "description": None,
        "typologyid": actividad.tipologia_id,
        "typologyTitle": actividad.tipologia,
        "activityDuration": "30",
        "activityPrice": "0",
    }
