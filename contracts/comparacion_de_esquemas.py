"""Qué cambios de un JSON Schema rompen a quien ya lo usa.

Un `evento` y una `respuesta` los lee otro: no pueden perder nada ni cambiarlo de tipo. Una `peticion` la escribe
otro: no puede exigir nada nuevo ni dejar de aceptar lo que aceptaba. Las restricciones finas (longitudes, patrones)
no se miran.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Sentido = Literal["evento", "respuesta", "peticion"]
Esquema = Mapping[str, Any]


@dataclass(frozen=True)
class Comparacion:
    """Dos documentos (donde se resuelven las referencias), para qué sirve el esquema y por dónde se va."""

    antes: Esquema
    ahora: Esquema
    sentido: Sentido
    donde: str
    vistas: frozenset[tuple[str, str]] = frozenset()

    def problemas(self, antes: Esquema, ahora: Esquema) -> Iterator[str]:
        """Una frase por cada cambio incompatible entre dos esquemas."""
        pareja = str(antes.get("$ref")), str(ahora.get("$ref"))
        if "$ref" in antes and pareja in self.vistas:
            return  # un esquema que se contiene a sí mismo
        dentro = replace(self, vistas=self.vistas | {pareja})
        formas, nuevas = _formas(antes, self.antes), _formas(ahora, self.ahora)
        yield from dentro.tipos(formas, nuevas)
        for tipo in sorted(formas.keys() & nuevas.keys()):
            for una, otra in zip(formas[tipo], nuevas[tipo], strict=False):
                yield from dentro.forma(una, otra)

    def tipos(self, antes: Mapping[str, list[Esquema]], ahora: Mapping[str, list[Esquema]]) -> Iterator[str]:
        cuantas, cuantas_ahora = (Counter({t: len(f) for t, f in m.items()}) for m in (antes, ahora))
        cabe = cuantas <= cuantas_ahora or "cualquiera" in ahora
        if cuantas != cuantas_ahora and not (self.sentido == "peticion" and cabe):
            yield f"{self.donde}: cambia de tipo, de {_enumerar(antes)} a {_enumerar(ahora)}"

    def forma(self, antes: Esquema, ahora: Esquema) -> Iterator[str]:
        yield from self._valores(_valores(antes), _valores(ahora))
        yield from self._propiedades(antes, ahora)
        for clave, nombre in (("items", "cada elemento"), ("additionalProperties", "los demás campos")):
            if isinstance(antes.get(clave), Mapping) and isinstance(ahora.get(clave), Mapping):
                yield from self._en(nombre).problemas(antes[clave], ahora[clave])

    def _valores(self, antes: set[str] | None, ahora: set[str] | None) -> Iterator[str]:
        if self.sentido == "evento" and antes != ahora:
            yield f"{self.donde}: cambian los valores admitidos, de {_enumerar(antes)} a {_enumerar(ahora)}"
        if self.sentido == "peticion" and ahora is not None and (antes is None or antes - ahora):
            yield f"{self.donde}: deja de aceptar valores; ahora solo {_enumerar(ahora)}"

    def _propiedades(self, antes: Esquema, ahora: Esquema) -> Iterator[str]:
        viejas, nuevas = antes.get("properties", {}), ahora.get("properties", {})
        exigidas, exigidas_ahora = set(antes.get("required", ())), set(ahora.get("required", ()))
        for nombre, propiedad in viejas.items():
            if nombre in nuevas:
                yield from self._en(f"`{nombre}`").problemas(propiedad, nuevas[nombre])
            elif self.sentido != "peticion":
                yield f"{self.donde}: desaparece el campo `{nombre}`"
            elif ahora.get("additionalProperties") is False:
                yield f"{self.donde}: deja de aceptarse el campo `{nombre}`"
        if self.sentido == "peticion":
            for nombre in sorted(exigidas_ahora - exigidas):
                yield f"{self.donde}: el campo `{nombre}` pasa a ser obligatorio"
        else:
            for nombre in sorted((exigidas - exigidas_ahora) & nuevas.keys()):
                yield f"{self.donde}: el campo `{nombre}` deja de venir siempre"

    def _en(self, sitio: str) -> Comparacion:
        return replace(self, donde=f"{self.donde}, {sitio}")


def resolver(nodo: Esquema, documento: Esquema) -> Esquema:
    """El nodo al que lleva `$ref` dentro del documento, o él mismo."""
    while referencia := nodo.get("$ref"):
        nodo = documento
        for paso in referencia.removeprefix("#/").split("/"):
            nodo = nodo[paso.replace("~1", "/").replace("~0", "~")]
    return nodo


def _formas(esquema: Esquema, documento: Esquema) -> dict[str, list[Esquema]]:
    """Las alternativas de un esquema, agrupadas por tipo y formato."""
    esquema = _unido(resolver(esquema, documento), documento)
    formas: dict[str, list[Esquema]] = defaultdict(list)
    if opciones := esquema.get("anyOf") or esquema.get("oneOf"):
        for opcion in opciones:
            for tipo, halladas in _formas(opcion, documento).items():
                formas[tipo] += halladas
        return formas
    tipos = esquema.get("type", "object" if "properties" in esquema else "cualquiera")
    for tipo in [tipos] if isinstance(tipos, str) else tipos:
        formato = f" ({esquema['format']})" if tipo == "string" and "format" in esquema else ""
        formas[tipo + formato].append(esquema)
    return formas


def _unido(esquema: Esquema, documento: Esquema) -> Esquema:
    """Las partes de un `allOf` como un solo esquema."""
    unido = {clave: valor for clave, valor in esquema.items() if clave != "allOf"}
    for parte in esquema.get("allOf", ()):
        otra = _unido(resolver(parte, documento), documento)
        campos = {**otra.get("properties", {}), **unido.get("properties", {})}
        exigidos = [*otra.get("required", ()), *unido.get("required", ())]
        unido = {**otra, **unido, **({"properties": campos, "required": exigidos} if campos else {})}
    return unido


def _valores(esquema: Esquema) -> set[str] | None:
    if "const" in esquema:
        return {repr(esquema["const"])}
    return {repr(valor) for valor in esquema["enum"]} if "enum" in esquema else None


def _enumerar(nombres: Any) -> str:
    return ", ".join(sorted(nombres)) if nombres is not None else "cualquiera"
