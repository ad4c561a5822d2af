"""Qué cambios de un documento OpenAPI rompen a quien ya llama a esa API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.comparacion_de_esquemas import Comparacion, Sentido, resolver

_METODOS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Nodo = Mapping[str, Any]


@dataclass(frozen=True)
class ComparacionDeOpenapi:
    antes: Nodo
    ahora: Nodo
    fichero: str

    def problemas(self) -> Iterator[str]:
        """Una frase por cada cambio incompatible entre los dos documentos."""
        for ruta, camino in self.antes["paths"].items():
            nuevo = self.ahora["paths"].get(ruta)
            if nuevo is None:
                yield f"{self.fichero}: desaparece la ruta {ruta}"
                continue
            for metodo in _METODOS:
                if metodo in camino and metodo not in nuevo:
                    yield f"{self.fichero}: desaparece {metodo.upper()} {ruta}"
                elif metodo in camino:
                    yield from self._operacion(
                        f"{self.fichero}: {metodo.upper()} {ruta}", camino, nuevo, metodo
                    )

    def _operacion(self, donde: str, camino: Nodo, nuevo: Nodo, metodo: str) -> Iterator[str]:
        yield from self._parametros(donde, camino, nuevo, metodo)
        antes, ahora = camino[metodo], nuevo[metodo]
        yield from self._cuerpo(donde, antes.get("requestBody", {}), ahora.get("requestBody", {}))
        for estado, respuesta in antes.get("responses", {}).items():
            nueva = ahora.get("responses", {}).get(estado)
            if nueva is None:
                yield f"{donde}: deja de contestar {estado}"
            else:
                yield from self._contenido(f"{donde}, respuesta {estado}", respuesta, nueva, "respuesta")

    def _parametros(self, donde: str, camino: Nodo, nuevo: Nodo, metodo: str) -> Iterator[str]:
        antes = _por_nombre(self.antes, camino, metodo)
        for nombre, parametro in _por_nombre(self.ahora, nuevo, metodo).items():
            anterior = antes.get(nombre, {})
            if parametro.get("required") and not anterior.get("required"):
                yield f"{donde}: el parámetro `{nombre[1]}` ({nombre[0]}) pasa a ser obligatorio"
            if "schema" in anterior and "schema" in parametro:
                aqui = f"{donde}, parámetro `{nombre[1]}`"
                yield from self._esquemas(aqui, anterior["schema"], parametro["schema"], "peticion")

    def _cuerpo(self, donde: str, antes: Nodo, ahora: Nodo) -> Iterator[str]:
        antes, ahora = resolver(antes, self.antes), resolver(ahora, self.ahora)
        if ahora.get("required") and not antes.get("required"):
            yield f"{donde}: el cuerpo pasa a ser obligatorio"
        yield from self._contenido(f"{donde}, petición", antes, ahora, "peticion")

    def _contenido(self, donde: str, antes: Nodo, ahora: Nodo, sentido: Sentido) -> Iterator[str]:
        ofrecido = resolver(ahora, self.ahora).get("content", {})
        for tipo, contenido in resolver(antes, self.antes).get("content", {}).items():
            if tipo not in ofrecido:
                yield f"{donde}: deja de valer {tipo}"
            elif "schema" in contenido:
                yield from self._esquemas(
                    donde, contenido["schema"], ofrecido[tipo].get("schema", {}), sentido
                )

    def _esquemas(self, donde: str, antes: Nodo, ahora: Nodo, sentido: Sentido) -> Iterator[str]:
        yield from Comparacion(self.antes, self.ahora, sentido, donde).problemas(antes, ahora)


def _por_nombre(documento: Nodo, camino: Nodo, metodo: str) -> dict[tuple[str, str], Nodo]:
    """Los parámetros de una operación, también los de su ruta, por sitio y nombre."""
    todos = [*camino.get("parameters", ()), *camino[metodo].get("parameters", ())]
    resueltos = [resolver(parametro, documento) for parametro in todos]
    return {(parametro["in"], parametro["name"]): parametro for parametro in resueltos}
