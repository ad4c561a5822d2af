"""Escribe los contratos a partir del código: `make contratos`."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import copy_context
from typing import Any

import orjson
import yaml

from contracts.carpeta import CARPETA, actuales
from contracts.documento_asyncapi import documento
from contracts.esquemas import contratos, esquema
from contracts.servicios import SERVICIOS, Servicio


def main() -> None:
    nuevos = ficheros(SERVICIOS)
    for sobra in sorted(actuales().keys() - nuevos.keys()):
        (CARPETA / sobra).unlink()
        print(f"contracts/{sobra}: ya no hay código que lo cumpla, borrado")
    for nombre, texto in nuevos.items():
        (CARPETA / nombre).parent.mkdir(exist_ok=True)
        (CARPETA / nombre).write_text(texto, "utf-8")
    print(f"{len(nuevos)} ficheros en contracts/")


def ficheros(servicios: Sequence[Servicio]) -> dict[str, str]:
    """Lo que debería haber. No deja rastro en el contexto de quien llama: los ejemplos llevan su propia traza."""
    return copy_context().run(_ficheros, servicios)


def _ficheros(servicios: Sequence[Servicio]) -> dict[str, str]:
    salida = {f"eventos/{c.nombre}.json": _json(esquema(c)) for c in contratos(servicios)}
    salida |= {f"openapi/{s.nombre}.yaml": _yaml(openapi(s)) for s in servicios}
    return salida | {
        "asyncapi.yaml": _yaml(documento(servicios)),
        "suscripciones.json": _json(suscripciones(servicios)),
    }


def openapi(servicio: Servicio) -> dict[str, Any]:
    """El documento que da la aplicación en marcha (Flask por su ruta; FastAPI por su método), con orden estable."""
    with servicio.en_marcha() as app:
        leido = app.openapi() if hasattr(app, "openapi") else app.test_client().get("/openapi.json").json
    primero = {clave: leido.pop(clave) for clave in ("openapi", "info")}
    return {**primero, **_ordenado(leido)}


def suscripciones(servicios: Sequence[Servicio]) -> dict[str, list[str]]:
    """Quién consume cada tema: de aquí calcula el arranque local EVENTOS_DESTINOS."""
    pares = {(manejador.tema, servicio.nombre) for servicio in servicios for manejador in servicio.consume}
    return {tema: sorted(s for t, s in pares if t == tema) for tema in sorted({t for t, _ in pares})}


def _ordenado(nodo: Any) -> Any:
    if isinstance(nodo, dict):
        return {clave: _ordenado(nodo[clave]) for clave in sorted(nodo)}
    return [_ordenado(hijo) for hijo in nodo] if isinstance(nodo, list) else nodo


def _json(valor: Any) -> str:
    return orjson.dumps(valor, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


class _SinAlias(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        """Un mismo objeto repetido se escribe dos veces: las anclas de YAML no se leen bien."""
        return True


def _yaml(valor: Any) -> str:
    return yaml.dump(valor, Dumper=_SinAlias, allow_unicode=True, sort_keys=False, width=110)


if __name__ == "__main__":
    main()
