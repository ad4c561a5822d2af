"""`links` de OpenAPI: con qué dato de una petición o de su respuesta se llama después a otra operación."""

from __future__ import annotations

from typing import Any


def enlaces(*operaciones: str, **parametros: str) -> dict[str, Any]:
    """Un enlace a cada operación (su `operationId`), todos con los mismos parámetros (`$response.body#/id`)."""
    return {operacion: {"operationId": operacion, "parameters": parametros} for operacion in operaciones}
