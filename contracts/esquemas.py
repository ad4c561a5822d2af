"""El JSON Schema de cada suceso y un ejemplo de su sobre, sacados de las mismas clases que usa el código."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from chasis import contexto
from chasis.eventos import Evento
from chasis.eventos.sobre import escribir, nombre_del_contrato
from contracts.servicios import Servicio

_DIALECTO = "https://json-schema.org/draft/2020-12/schema"
_ID, _MOMENTO = "01980a3c-7e00-7000-8000-000000000001", "2026-03-02T09:30:00+00:00"
_CAUSA = "ejemplo-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Contrato:
    """Un suceso de un tema. `comando`, si quien fija su forma es quien lo recibe y lo puede enviar cualquiera."""

    tema: str
    clase: type
    servicio: Servicio
    comando: bool = False

    @property
    def nombre(self) -> str:
        return nombre_del_contrato(self.clase)

    @property
    def tipo(self) -> str:
        return self.clase.__name__


def contratos(servicios: Sequence[Servicio]) -> list[Contrato]:
    """Lo que publica cada servicio y los comandos que acepta, por tema y nombre."""
    hallados = [
        Contrato(tema, clase, servicio)
        for servicio in servicios
        for tema, clases in servicio.publica.items()
        for clase in clases
    ]
    hallados += [
        Contrato(manejador.tema, manejador.tipo, servicio, comando=True)
        for servicio in servicios
        for manejador in servicio.consume
        if es_de_comandos(manejador.tema)
    ]
    return sorted(hallados, key=lambda contrato: (contrato.tema, contrato.nombre))


def es_de_comandos(tema: str) -> bool:
    return tema.startswith("comandos-")


def esquema(contrato: Contrato) -> dict[str, Any]:
    """JSON Schema 2020-12 de los datos de un suceso; admite campos que no conoce."""
    adaptador: TypeAdapter[Any] = TypeAdapter(contrato.clase)
    cuerpo = adaptador.json_schema()
    ejemplos = [evento["data"] for evento in sobres_de_ejemplo(contrato)]
    return {
        "$schema": _DIALECTO,
        "$id": f"urn:centralita:{contrato.nombre}",
        **({"x-comando": True} if contrato.comando else {}),
        "title": contrato.tipo,
        **cuerpo,
        **({"examples": ejemplos} if ejemplos else {}),
    }


def sobres_de_ejemplo(contrato: Contrato) -> Iterator[dict[str, Any]]:
    """El ejemplo de su módulo, si lo tiene, escrito como lo escribe la outbox, con id y momento fijos."""
    servicio = contrato.servicio
    if ejemplo := servicio.ejemplos.get(contrato.clase):
        contexto.peticion_id.set(_CAUSA[0])
        contexto.traza.set(_CAUSA[1])
        _, cuerpo = escribir(servicio.nombre, contrato.tema, ejemplo, servicio.clave_de(ejemplo), 1)
        yield orjson.loads(cuerpo) | {"id": _ID, "time": _MOMENTO}


def esquema_del_sobre() -> dict[str, Any]:
    """El de `chasis.eventos.Evento`, más el tipo de contenido, que siempre es el mismo."""
    cuerpo = Evento.model_json_schema(by_alias=True)
    cuerpo["properties"]["datacontenttype"] = {"const": "application/json"}
    return {**cuerpo, "title": "Sobre", "description": f"CloudEvents 1.0 en JSON. {cuerpo['description']}"}
