"""El catálogo de eventos: por tema, quién publica, quién consume y cómo es cada suceso."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from yaml import YAMLError

from portal.infraestructura import contratos
from portal.infraestructura.contratos import Contratos
from portal.servicios import Servicio

_TIPOS = {
    "string": "texto",
    "integer": "entero",
    "number": "número",
    "boolean": "sí o no",
    "object": "objeto",
    "null": "nulo",
}
_FORMATOS = {"date-time": "fecha y hora", "date": "fecha", "uuid": "UUID"}


@dataclass(frozen=True)
class Campo:
    nombre: str
    tipo: str
    obligatorio: bool


@dataclass(frozen=True)
class Suceso:
    """Un evento: sus datos, y un ejemplo del CloudEvent entero si su servicio lo da."""

    nombre: str
    contrato: str
    descripcion: str
    campos: tuple[Campo, ...]
    ejemplo: Mapping[str, Any] | None


@dataclass(frozen=True)
class Tema:
    nombre: str
    direccion: str
    publican: tuple[str, ...]
    consumen: tuple[str, ...]
    sucesos: tuple[Suceso, ...]


def cargar(carpeta: Path, servicios: Sequence[Servicio]) -> tuple[Tema, ...]:
    """Los temas de los contratos; ninguno si faltan o no se entienden, que la portada funciona igual sin ellos."""
    try:
        return _temas(contratos.leer(carpeta), {servicio.nombre: servicio.titulo for servicio in servicios})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, YAMLError) as fallo:
        structlog.get_logger().warning("contratos_sin_leer", error=repr(fallo))
        return ()


def _temas(leidos: Contratos, titulos: Mapping[str, str]) -> tuple[Tema, ...]:
    documento = leidos.asyncapi
    return tuple(
        Tema(
            nombre,
            canal["address"],
            _quienes(documento, nombre, "send", titulos),
            _quienes(documento, nombre, "receive", titulos),
            tuple(_suceso(leidos, mensaje["$ref"].split("/")[-1]) for mensaje in canal["messages"].values()),
        )
        for nombre, canal in documento["channels"].items()
    )


def _quienes(
    documento: Mapping[str, Any], tema: str, accion: str, titulos: Mapping[str, str]
) -> tuple[str, ...]:
    """Los servicios que publican (`send`) o consumen (`receive`) un tema, como se llaman en la portada."""
    nombres = [
        operacion["x-servicio"]
        for operacion in documento["operations"].values()
        if operacion["action"] == accion and operacion["channel"]["$ref"] == f"#/channels/{tema}"
    ]
    return tuple(titulos.get(nombre, nombre) for nombre in nombres)


def _suceso(leidos: Contratos, contrato: str) -> Suceso:
    esquema = leidos.esquemas[contrato]
    ejemplos = leidos.asyncapi["components"]["messages"][contrato].get("examples", ())
    campos = tuple(
        Campo(nombre, tipo(propiedad), nombre in esquema.get("required", ()))
        for nombre, propiedad in esquema.get("properties", {}).items()
    )
    ejemplo = ejemplos[0]["payload"] if ejemplos else None
    return Suceso(esquema["title"], contrato, esquema.get("description", ""), campos, ejemplo)


def tipo(esquema: Mapping[str, Any]) -> str:
    """El tipo de un campo, en palabras: `texto o nulo`, `lista de entero`…"""
    if opciones := esquema.get("anyOf") or esquema.get("oneOf"):
        return " o ".join(dict.fromkeys(tipo(opcion) for opcion in opciones))
    if "enum" in esquema:
        return " o ".join(f"«{valor}»" for valor in esquema["enum"])
    if esquema.get("type") == "array":
        return f"lista de {tipo(esquema.get('items', {}))}"
    if esquema.get("format") in _FORMATOS:
        return _FORMATOS[esquema["format"]]
    return _TIPOS.get(str(esquema.get("type", "object" if "$ref" in esquema else "")), "cualquier valor")
