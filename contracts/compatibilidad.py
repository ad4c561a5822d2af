"""Rechaza los cambios de contrato que no son solo añadir: `make contratos-compatibles`.

Compara los ficheros de la carpeta con los del commit del que parte esta rama: el antepasado común con CONTRATOS_BASE
(por defecto, `origin/main` o `main`) o, si ya se está en él, el commit anterior.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import orjson
import yaml

from contracts.carpeta import CARPETA, actuales
from contracts.comparacion_de_esquemas import Comparacion, Sentido
from contracts.comparacion_de_openapi import ComparacionDeOpenapi

ACEPTADOS = CARPETA / "aceptados.txt"
_COMPARADOS = ("eventos/", "openapi/")


def main() -> int:
    base = _base()
    if base is None:
        print("Contratos: no hay ningún commit anterior con el que comparar.")
        return 0
    todos = list(problemas(_los_de(base), actuales()))
    hallados = [problema for problema in todos if problema not in aceptados()]
    if len(todos) > len(hallados):
        print(f"{len(todos) - len(hallados)} cambios aceptados en {ACEPTADOS.name}.")
    for problema in hallados:
        print(problema, file=sys.stderr)
    if hallados:
        print(f"\n{len(hallados)} cambios incompatibles con {base[:12]}: contracts/README.md dice qué hacer.")
        return 1
    print(f"Contratos compatibles con {base[:12]}.")
    return 0


def aceptados() -> frozenset[str]:
    """Las frases que alguien aceptó por escrito, con su porqué al lado."""
    lineas = ACEPTADOS.read_text("utf-8").splitlines() if ACEPTADOS.exists() else []
    return frozenset(linea for linea in lineas if linea and not linea.startswith("#"))


def problemas(antes: Mapping[str, str], ahora: Mapping[str, str]) -> Iterator[str]:
    """Una frase por cada cambio incompatible entre dos juegos de ficheros (ruta → texto)."""
    for nombre, texto in sorted(antes.items()):
        if not nombre.startswith(_COMPARADOS):
            continue
        if nombre not in ahora:
            yield f"{nombre}: desaparece el fichero"
        elif nombre.startswith("openapi/"):
            documentos = yaml.safe_load(texto), yaml.safe_load(ahora[nombre])
            yield from ComparacionDeOpenapi(*documentos, nombre).problemas()
        else:
            viejo, nuevo = orjson.loads(texto), orjson.loads(ahora[nombre])
            # La forma de un comando la fija quien lo recibe: para él es una petición.
            sentido: Sentido = "peticion" if nuevo.get("x-comando") else "evento"
            yield from Comparacion(viejo, nuevo, sentido, nombre).problemas(viejo, nuevo)


def _base() -> str | None:
    """El commit con el que comparar; en `main`, el anterior. Nada si el repositorio no tiene historia."""
    candidatas = (
        [os.environ["CONTRATOS_BASE"]] if os.environ.get("CONTRATOS_BASE") else ["origin/main", "main"]
    )
    principal = next(filter(None, map(_commit, candidatas)), None)
    if principal is None and os.environ.get("CONTRATOS_BASE"):
        raise SystemExit(f"CONTRATOS_BASE no es ningún commit: {os.environ['CONTRATOS_BASE']}")
    comun = principal and (_git("merge-base", principal, "HEAD") or principal)
    return _commit("HEAD^") if comun in (None, _commit("HEAD")) else comun


def _commit(nombre: str) -> str | None:
    return _git("rev-parse", "--verify", "--quiet", f"{nombre}^{{commit}}")


def _los_de(base: str) -> dict[str, str]:
    rutas = (_git("ls-tree", "-r", "--name-only", base, *_COMPARADOS) or "").splitlines()
    return {ruta: _git("show", f"{base}:./{ruta}") or "" for ruta in rutas}


def _git(*orden: str) -> str | None:
    """Lo que escribe `git` dentro de `contracts/`, o nada si falla."""
    hecho = subprocess.run(["git", *orden], cwd=CARPETA, capture_output=True, text=True, check=False)
    return hecho.stdout.strip() if hecho.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
