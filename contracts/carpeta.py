"""Los ficheros generados que hay ahora en esta carpeta."""

from pathlib import Path

CARPETA = Path(__file__).parent
_GENERADOS = ("eventos/*.json", "openapi/*.yaml", "asyncapi.yaml", "suscripciones.json")


def actuales() -> dict[str, str]:
    """Ruta dentro de `contracts/` y texto de cada uno."""
    rutas = [ruta for patron in _GENERADOS for ruta in CARPETA.glob(patron)]
    return {ruta.relative_to(CARPETA).as_posix(): ruta.read_text("utf-8") for ruta in rutas}
