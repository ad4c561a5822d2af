"""Los ids que llegan en una dirección o en un formulario, donde cualquiera puede escribir otra cosa."""

from __future__ import annotations

MAYOR = 2**31 - 1  # el mayor que cabe en una columna


def identificador(escrito: str) -> int | None:
    """El id escrito, o `None` si no puede ser el de nada."""
    if not escrito.isdecimal() or len(escrito) > len(str(MAYOR)):
        return None
    return int(escrito) if int(escrito) <= MAYOR else None
