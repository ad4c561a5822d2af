"""Los centros, tal como los enseña el README, a partir de las `areas` de TuoTempo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuotempo_leads.dominio.textos import plegar

CIFRAS_DE_CP = 5


def centro(area: Mapping[str, Any]) -> dict[str, str]:
    """Siete claves, todas texto. Las `areas` no tienen `phone`: se usa el fijo o el móvil, si lo hay."""
    return {
        **{
            clave: _texto(area, clave)
            for clave in ("areaid", "areaTitle", "address", "cp", "city", "province")
        },
        "phone": _texto(area, "landline") or _texto(area, "landline2") or _texto(area, "mobile"),
    }


def filtrar(areas: Iterable[Mapping[str, Any]], cp: str = "", provincia: str = "") -> list[Mapping[str, Any]]:
    """Las que tienen ese código postal y esa provincia; una cadena vacía no filtra.

    Al código postal se le devuelven los ceros de la izquierda, y de la provincia no importan acentos ni mayúsculas.
    """
    buscado, donde = codigo_postal(cp), plegar(provincia)
    return [
        area
        for area in areas
        if (not buscado or codigo_postal(_texto(area, "cp")) == buscado)
        and (not donde or plegar(_texto(area, "province")) == donde)
    ]


def codigo_postal(texto: str) -> str:
    recortado = texto.strip()
    return recortado.zfill(CIFRAS_DE_CP) if recortado.isdecimal() else plegar(recortado)


def _texto(area: Mapping[str, Any], clave: str) -> str:
    valor = area.get(clave)
    return "" if valor is None else str(valor).strip()
