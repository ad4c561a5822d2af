"""Las provincias de España por las dos primeras cifras de su código postal."""

from __future__ import annotations

_NOMBRES = (
    "Álava", "Albacete", "Alicante", "Almería", "Ávila", "Badajoz", "Baleares", "Barcelona", "Burgos", "Cáceres",
    "Cádiz", "Castellón", "Ciudad Real", "Córdoba", "A Coruña", "Cuenca", "Girona", "Granada", "Guadalajara",
    "Gipuzkoa", "Huelva", "Huesca", "Jaén", "León", "Lleida", "La Rioja", "Lugo", "Madrid", "Málaga", "Murcia",
    "Navarra", "Ourense", "Asturias", "Palencia", "Las Palmas", "Pontevedra", "Salamanca",
    "Santa Cruz de Tenerife", "Cantabria", "Segovia", "Sevilla", "Soria", "Tarragona", "Teruel", "Toledo",
    "Valencia", "Valladolid", "Bizkaia", "Zamora", "Zaragoza", "Ceuta", "Melilla",
)  # fmt: skip
PROVINCIAS = {f"{numero:02d}": nombre for numero, nombre in enumerate(_NOMBRES, 1)}


def provincia_de(codigo_postal: str | None) -> str:
    """El nombre de la provincia, o `""` si el código no es de ninguna."""
    return PROVINCIAS.get((codigo_postal or "")[:2], "")
