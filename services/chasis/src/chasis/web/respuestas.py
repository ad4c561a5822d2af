"""Respuestas JSON: de una pieza, o por trozos si la lista es larga; y las cabeceras de una página."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
from flask import Response, request, stream_with_context

from chasis.paginacion import Pagina, cabeceras

POR_TROZO = 500


def respuesta(cuerpo: Any, estado: int = 200, cabeceras: Mapping[str, str] | None = None) -> Response:
    """Respuesta ya serializada: `@output` solo la documenta, no la vuelve a validar."""
    return Response(orjson.dumps(cuerpo), estado, cabeceras, mimetype="application/json")


def json_por_trozos(
    elementos: Iterable[Any], *, clave: str = "", total: str = "", trozo: int = POR_TROZO
) -> Response:
    """Un array JSON cuyo contenido nunca está entero en memoria; cierra el origen pase lo que pase.

    Con `clave`, el array va en esa clave de un objeto; con `total`, detrás va cuántos eran.
    """

    def escribir() -> Iterator[bytes]:
        restantes, separador, cuantos = iter(elementos), b"[", 0
        yield b"{%b:" % orjson.dumps(clave) if clave else b""
        while grupo := list(islice(restantes, trozo)):
            yield separador + orjson.dumps(grupo)[1:-1]
            separador, cuantos = b",", cuantos + len(grupo)
        yield b"[]" if separador == b"[" else b"]"
        yield b",%b:%d" % (orjson.dumps(total), cuantos) if total else b""
        yield b"}" if clave else b""

    return Response(stream_with_context(escribir()), mimetype="application/json")


def pagina_en_url(pagina: Pagina, total: int) -> dict[str, str]:
    """Cabeceras de la página que se está sirviendo, con enlaces que vuelven por donde se entró."""
    consulta = {clave: valor for clave, valor in request.args.items() if clave not in ("page", "per_page")}
    return cabeceras(request.base_url, consulta, pagina, total)


def con_version(respuesta: Response, version: str) -> Response:
    """Pone el `ETag` (sin comillas) y, si quien pide ya tiene esa versión (`If-None-Match`), responde 304 vacío."""
    respuesta.headers["ETag"] = f'"{version}"'
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(version):
        respuesta.status_code = 304
        respuesta.set_data(b"")
    return respuesta
