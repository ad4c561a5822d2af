"""El documento AsyncAPI 3.0 de la plataforma: un canal por tema, un mensaje por suceso."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from chasis.config import AjustesBase
from chasis.eventos.firma import TOLERANCIA
from contracts.esquemas import Contrato, contratos, esquema_del_sobre, sobres_de_ejemplo
from contracts.servicios import Servicio

_PULSAR = AjustesBase.model_fields["pulsar_url"].default.removeprefix("pulsar://")
_TENANT, _NAMESPACE = AjustesBase.model_fields["pulsar_espacio"].default.split("/")
_FIRMA = {
    "type": "httpApiKey",
    "name": "webhook-signature",
    "in": "header",
    "description": "Standard Webhooks: HMAC-SHA256 de `webhook-id`, `webhook-timestamp` y el cuerpo con "
    f"EVENTOS_CLAVE; vale {TOLERANCIA // 60} minutos.",
}


def documento(servicios: Sequence[Servicio]) -> dict[str, Any]:
    por_tema = {tema: list(grupo) for tema, grupo in groupby(contratos(servicios), lambda c: c.tema)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Eventos de Centralita",
            "version": "1.0.0",
            "description": "Lo que cada servicio cuenta a los demás. Se entrega al menos una vez y en el orden de "
            "su clave (`subject`); cada contrato de `eventos/` solo cambia añadiendo.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": _servidores(),
        "channels": {tema: _canal(tema, grupo) for tema, grupo in por_tema.items()},
        "operations": _operaciones(servicios, por_tema),
        "components": {
            "schemas": {"Sobre": esquema_del_sobre()},
            "messages": {c.nombre: _mensaje(c) for grupo in por_tema.values() for c in grupo},
            "securitySchemes": {"firma": _FIRMA},
        },
    }


def _servidores() -> dict[str, Any]:
    return {
        "pulsar": {
            "host": "{broker}",
            "protocol": "pulsar",
            "description": "Con EVENTOS_TRANSPORTE=pulsar. Suscripción Key_Shared con el nombre de quien consume.",
            "variables": {"broker": {"default": _PULSAR, "description": "Lo dice PULSAR_URL"}},
            "bindings": {"pulsar": {"tenant": _TENANT}},
        },
        "http": {
            "host": "{suscriptor}",
            "protocol": "http",
            "pathname": "/eventos",
            "description": "Con EVENTOS_TRANSPORTE=http, en una sola máquina: quien publica hace un POST firmado "
            "a cada suscriptor de `suscripciones.json`, de varios sucesos (application/cloudevents-batch+json).",
            "variables": {
                "suscriptor": {"description": "La dirección de cada uno, que dice EVENTOS_DESTINOS"}
            },
            "security": [{"$ref": "#/components/securitySchemes/firma"}],
        },
    }


def _canal(tema: str, grupo: Sequence[Contrato]) -> dict[str, Any]:
    duenos = " y ".join(sorted({contrato.servicio.nombre for contrato in grupo}))
    titular = (
        f"Órdenes para {duenos}, de cualquier servicio" if grupo[0].comando else f"Lo que publica {duenos}"
    )
    return {
        "address": f"persistent://{_TENANT}/{_NAMESPACE}/{tema}",
        "title": tema,
        "description": f"{titular}. La clave de partición es `subject`.",
        "messages": {c.tipo: {"$ref": f"#/components/messages/{c.nombre}"} for c in grupo},
        "bindings": {"pulsar": {"namespace": _NAMESPACE, "persistence": "persistent"}},
    }


def _mensaje(contrato: Contrato) -> dict[str, Any]:
    propio = {
        "type": {"const": contrato.tipo},
        "tema": {"const": contrato.tema},
        "dataschema": {"const": f"urn:centralita:{contrato.nombre}"},
        "data": {"$ref": f"eventos/{contrato.nombre}.json"},
    }
    ejemplos = [{"name": contrato.tipo, "payload": sobre} for sobre in sobres_de_ejemplo(contrato)]
    return {
        "name": contrato.tipo,
        "title": contrato.tipo,
        "contentType": "application/cloudevents+json",
        "payload": {"allOf": [{"$ref": "#/components/schemas/Sobre"}, {"properties": propio}]},
        **({"examples": ejemplos} if ejemplos else {}),
    }


def _operaciones(
    servicios: Sequence[Servicio], por_tema: dict[str, list[Contrato]]
) -> dict[str, dict[str, Any]]:
    operaciones: dict[str, dict[str, Any]] = {}
    for servicio in sorted(servicios, key=lambda s: s.nombre):
        for tema in sorted(servicio.publica):
            suyos = {c.tipo for c in por_tema[tema] if c.servicio is servicio}
            operaciones[f"{servicio.nombre}-publica-{tema}"] = _operacion("send", servicio, tema, suyos)
        for tema in sorted({m.tema for m in servicio.consume}):
            suyos = {m.tipo.__name__ for m in servicio.consume if m.tema == tema}
            operaciones[f"{servicio.nombre}-consume-{tema}"] = _operacion("receive", servicio, tema, suyos)
    return operaciones


def _operacion(accion: str, servicio: Servicio, tema: str, tipos: set[str]) -> dict[str, Any]:
    return {
        "action": accion,
        "channel": {"$ref": f"#/channels/{tema}"},
        "messages": [{"$ref": f"#/channels/{tema}/messages/{tipo}"} for tipo in sorted(tipos)],
        "x-servicio": servicio.nombre,
    }
