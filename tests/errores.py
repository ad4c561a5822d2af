"""Los errores que todo servicio contesta igual, cada uno con las claves de su dialecto."""

from __future__ import annotations

from typing import Any

import pytest

con_cada_error = pytest.mark.parametrize(
    ("metodo", "opciones", "estado"),
    [
        ("PATCH", {}, 405),
        ("POST", {"data": "nombre=x"}, 415),
        ("POST", {"data": "{", "content_type": "application/json"}, 400),
        ("POST", {"json": ["x"]}, 400),
        ("POST", {"json": {"nombre": "x" * 1_100_000}}, 413),
    ],
    ids=["otro método", "otro tipo", "JSON roto", "no es un objeto", "no cabe"],
)


def comprobar(web: Any, ruta: str, caso: tuple[str, dict[str, Any], int], claves: list[str]) -> None:
    """El caso, en una ruta que crea algo, y una ruta que no existe."""
    metodo, opciones, estado = caso
    for salida, esperado in ((web.open(ruta, method=metodo, **opciones), estado), (web.get("/nada"), 404)):
        assert (salida.status_code, list(salida.json)) == (esperado, claves)
