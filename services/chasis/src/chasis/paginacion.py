"""Páginas: `page` y `per_page` en la consulta; el total y los vecinos, en `X-Total-Count` y `Link` (RFC 8288)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

from chasis.esquemas import Entrada

POR_PAGINA = 50
MAXIMO_POR_PAGINA = 500


class Pagina(Entrada):
    """Parámetros de una lista; sin ninguno de los dos, la lista es completa."""

    page: Annotated[int, Field(ge=1, le=10**9)] | None = Field(None, description="Número de página, desde 1")
    per_page: Annotated[int, Field(ge=1, le=MAXIMO_POR_PAGINA)] | None = Field(
        None, description=f"Elementos por página, de 1 a {MAXIMO_POR_PAGINA} ({POR_PAGINA} si no se dice)"
    )

    @property
    def pedida(self) -> bool:
        return self.page is not None or self.per_page is not None

    @property
    def limite(self) -> int:
        return self.per_page or POR_PAGINA

    @property
    def salto(self) -> int:
        return ((self.page or 1) - 1) * self.limite


def cabeceras(url: str, consulta: dict[str, str], pagina: Pagina, total: int) -> dict[str, str]:
    """`X-Total-Count` y `Link` (first, prev, next, last) de una página; `url` es la de la lista, sin consulta."""
    actual, ultima = pagina.page or 1, max(1, -(-total // pagina.limite))
    vecinas = {"first": 1, "prev": min(actual - 1, ultima), "next": actual + 1, "last": ultima}
    enlaces = [
        f'<{url}?{urlencode({**consulta, "page": numero, "per_page": pagina.limite})}>; rel="{relacion}"'
        for relacion, numero in vecinas.items()
        if 1 <= numero <= ultima
    ]
    return {"X-Total-Count": str(total), "Link": ", ".join(enlaces)}
