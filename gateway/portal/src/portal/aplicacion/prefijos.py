"""El documento OpenAPI de un servicio visto desde fuera del gateway: con prefijo en todo lo que podría chocar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.servicios import Servicio

_METODOS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
_NUNCA_SALEN = re.compile(r"/(metrics|health/ready|eventos)(/|$)")
_A_UN_COMPONENTE = re.compile(r"^(#/components/\w+/)")
_DIRECCIONES = {"tokenUrl", "refreshUrl", "authorizationUrl"}


def caminos(documento: Mapping[str, Any], servicio: Servicio) -> dict[str, Any]:
    """Las rutas que el gateway deja pasar, con su prefijo."""
    return {
        servicio.prefijo + ruta: _camino(camino, servicio, documento.get("security"))
        for ruta, camino in documento["paths"].items()
        if not _NUNCA_SALEN.match(ruta)
    }


def componentes(documento: Mapping[str, Any], servicio: Servicio) -> dict[str, dict[str, Any]]:
    """Los componentes por clase (`schemas`, `securitySchemes`…), cada uno como `<servicio>.<nombre>`."""
    return {
        clase: {
            f"{servicio.nombre}.{nombre}": renombrar(valor, servicio) for nombre, valor in de_la_clase.items()
        }
        for clase, de_la_clase in documento.get("components", {}).items()
    }


def renombrar(nodo: Any, servicio: Servicio) -> Any:
    """Copia de `nodo` en la que referencias, `operationId` y direcciones relativas ya llevan prefijo."""
    if isinstance(nodo, dict):
        return {clave: _valor(clave, valor, servicio) for clave, valor in nodo.items()}
    if isinstance(nodo, list):
        return [renombrar(hijo, servicio) for hijo in nodo]
    if isinstance(nodo, str):
        return _A_UN_COMPONENTE.sub(rf"\g<1>{servicio.nombre}.", nodo)
    return nodo


def _valor(clave: str, valor: Any, servicio: Servicio) -> Any:
    if isinstance(valor, str):
        if clave == "operationId":
            return f"{servicio.nombre}_{valor}"
        if clave in _DIRECCIONES and "://" not in valor:
            return f"{servicio.prefijo}/{valor.lstrip('/')}"
    return renombrar(valor, servicio)


def _camino(camino: Mapping[str, Any], servicio: Servicio, seguridad_general: Any) -> dict[str, Any]:
    nuevo: dict[str, Any] = renombrar(camino, servicio)
    for metodo in _METODOS & nuevo.keys():
        operacion = nuevo[metodo]
        operacion["tags"] = [servicio.titulo]
        # La seguridad general de un documento no puede serlo del reunido: baja a cada operación.
        if exigida := operacion.get("security", seguridad_general):
            operacion["security"] = [_con_nombre(opcion, servicio) for opcion in exigida]
    return nuevo


def _con_nombre(opcion: Mapping[str, Any], servicio: Servicio) -> dict[str, Any]:
    return {f"{servicio.nombre}.{esquema}": alcances for esquema, alcances in opcion.items()}
