"""Enviar un fichero recién escrito y borrarlo al acabar, haya llegado entero o no."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Response, stream_with_context

_TROZO = 64 * 1024
_TIPOS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}

FICHERO: Any = {
    "description": "El fichero",
    "content": {tipo: {"schema": {"type": "string", "format": "binary"}} for tipo in _TIPOS.values()},
}


def como_descarga(nombre: str, escribir: Callable[[Path], object]) -> Response:
    """La respuesta con el fichero `nombre` que deja `escribir(ruta)`, enviado por trozos."""
    with ExitStack() as al_fallar:
        carpeta = al_fallar.enter_context(tempfile.TemporaryDirectory(prefix="descarga-"))
        ruta = Path(carpeta) / nombre
        escribir(ruta)
        al_acabar = al_fallar.pop_all()
    cabeceras = {
        "Content-Disposition": f'attachment; filename="{nombre}"',
        "Content-Length": str(ruta.stat().st_size),
    }

    def enviar() -> Iterator[bytes]:
        with ruta.open("rb") as fichero:
            while trozo := fichero.read(_TROZO):
                yield trozo

    respuesta = Response(stream_with_context(enviar()), headers=cabeceras, content_type=_TIPOS[ruta.suffix])
    respuesta.call_on_close(al_acabar.close)
    return respuesta
