"""Casos de uso sobre los documentos de clientes."""

from __future__ import annotations

from typing import Any

import orjson
import structlog

from chasis.errores import FalloInterno, NoEncontrado
from storage_service.aplicacion.eventos import ClienteEliminado, ClienteGuardado
from storage_service.infraestructura.almacen import Almacen, Condicion, etag
from storage_service.infraestructura.diario import Diario
from storage_service.infraestructura.nombres import normalizar

_LEGIBLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def guardar(
    almacen: Almacen,
    diario: Diario,
    documento: dict[str, Any],
    condicion: Condicion | None,
    *,
    clave: str = "",
) -> str:
    """Guarda el documento bajo su `nombre` y devuelve su ETag; `clave` es la `Idempotency-Key` de la petición."""
    nombre, contenido = documento["nombre"], _contenido(documento)
    nueva = etag(contenido)
    anotacion = diario.anotacion(
        nombre, nueva, lambda antes: ClienteGuardado(nombre, nueva, antes is None, documento), clave
    )
    almacen.guardar(nombre, contenido, condicion, anotacion)
    return nueva


def version(documento: dict[str, Any]) -> str:
    """El ETag que deja guardar ese documento."""
    return etag(_contenido(documento))


def obtener(almacen: Almacen, nombre: str) -> tuple[bytes, str]:
    """Contenido y ETag; 404 si no está y 500, solo para ese nombre, si está dañado."""
    contenido = almacen.leer(nombre)
    if contenido is None:
        raise NoEncontrado("Cliente no encontrado")
    if not _es_documento(contenido):
        almacen.anotar_corrupto(nombre)
        structlog.get_logger().error("documento_corrupto", nombre=nombre)
        raise FalloInterno(f"El documento del cliente '{nombre}' está dañado")
    return contenido, etag(contenido)


def borrar(almacen: Almacen, diario: Diario, nombre: str) -> None:
    """`NoEncontrado` si no estaba. El evento lleva el nombre en NFC, como se guardó: es su clave."""
    nombre = normalizar(nombre)
    anotacion = diario.anotacion(nombre, "", lambda antes: ClienteEliminado(nombre, antes or ""))
    if not almacen.borrar(nombre, anotacion):
        raise NoEncontrado("Cliente no encontrado")


def listar(almacen: Almacen, *, prefijo: str = "", q: str = "") -> list[str]:
    """Nombres en orden; `prefijo` distingue mayúsculas, `q` busca en cualquier parte y no las distingue."""
    prefijo, busqueda = normalizar(prefijo), normalizar(q).casefold()
    return sorted(n for n in almacen.nombres() if n.startswith(prefijo) and busqueda in n.casefold())


def _contenido(documento: dict[str, Any]) -> bytes:
    return orjson.dumps(documento, option=_LEGIBLE)


def _es_documento(contenido: bytes) -> bool:
    try:
        return isinstance(orjson.loads(contenido), dict)
    except orjson.JSONDecodeError:
        return False
