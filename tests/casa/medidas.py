"""`make casa`: de qué tamaño es cada parte y qué está escrito dos veces. Rehace la tabla de docs/casa.md."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RAIZ = Path(__file__).resolve().parents[2]
DOCUMENTO = RAIZ / "docs/casa.md"
MARCA = "<!-- medidas: lo que sigue lo escribe `make casa` -->\n"
PASAJE = 6  # líneas seguidas e iguales: con menos, casi todo es coincidencia
_NO_CUENTA = re.compile(r"[\W_]*$|#|import |from |\"\"\"")


@dataclass(frozen=True)
class Medida:
    """De una parte: `mediana` y `funcion` son líneas de sus funciones, la de en medio y la mayor."""

    parte: str
    ficheros: int
    lineas: int
    funciones: int
    mediana: float
    funcion: int
    fichero: int
    repetidas: int


def partes(raiz: Path) -> dict[str, list[Path]]:
    """Los ficheros de Python de cada parte; las migraciones, que no se tocan después de escritas, no cuentan."""
    todas: dict[str, list[Path]] = defaultdict(list)
    for carpeta in ("services", "gateway", "contracts", "deploy", "tests"):
        for fichero in sorted((raiz / carpeta).rglob("*.py")):
            tramos = fichero.relative_to(raiz).parts
            if {"migraciones", ".venv", "venv", "datos", "build"} & set(tramos):
                continue
            if "tests" in tramos:
                todas["las pruebas"].append(fichero)
            elif carpeta in ("contracts", "deploy"):
                todas["contracts y deploy"].append(fichero)
            else:
                todas[tramos[1]].append(fichero)
    return todas


def medir(raiz: Path = RAIZ) -> list[Medida]:
    """Una por parte y, la última, la de todas."""
    todas = partes(raiz)
    repetidas = _repetidas(fichero for ficheros in todas.values() for fichero in ficheros)
    medidas = [_medida(parte, ficheros, repetidas) for parte, ficheros in sorted(todas.items())]
    return [*medidas, _medida("todo", [f for ficheros in todas.values() for f in ficheros], repetidas)]


def _medida(parte: str, ficheros: list[Path], repetidas: dict[Path, int]) -> Medida:
    tamanos = [sum(1 for linea in f.read_text("utf-8").splitlines() if linea.strip()) for f in ficheros]
    funciones = [
        nodo.end_lineno - nodo.lineno + 1
        for fichero in ficheros
        for nodo in ast.walk(ast.parse(fichero.read_text("utf-8")))
        if isinstance(nodo, ast.FunctionDef | ast.AsyncFunctionDef) and nodo.end_lineno
    ]
    return Medida(
        parte,
        len(ficheros),
        sum(tamanos),
        len(funciones),
        median(funciones or [0]),
        max(funciones, default=0),
        max(tamanos, default=0),
        sum(repetidas[fichero] for fichero in ficheros),
    )


def _repetidas(ficheros: Iterable[Path]) -> dict[Path, int]:
    """Cuántas líneas de cada fichero son de un pasaje que está también en otro sitio."""
    sitios: dict[tuple[str, ...], list[tuple[Path, tuple[int, ...]]]] = defaultdict(list)
    for fichero in ficheros:
        for texto, numeros in _pasajes(fichero):
            sitios[texto].append((fichero, numeros))
    marcadas: dict[Path, set[int]] = defaultdict(set)
    for lugares in sitios.values():
        if len(lugares) > 1:
            for fichero, numeros in lugares:
                marcadas[fichero].update(numeros)
    return defaultdict(int, {fichero: len(numeros) for fichero, numeros in marcadas.items()})


def _pasajes(fichero: Path) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    lineas = [
        (numero, linea.strip())
        for numero, linea in enumerate(fichero.read_text("utf-8").splitlines(), start=1)
        if not _NO_CUENTA.match(linea.strip())
    ]
    for desde in range(len(lineas) - PASAJE + 1):
        numeros, textos = zip(*lineas[desde : desde + PASAJE], strict=True)
        yield textos, numeros


def tabla(medidas: Iterable[Medida]) -> str:
    cabecera = (
        "| parte | ficheros | líneas | funciones | mediana | la mayor | el fichero mayor | líneas repetidas |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    return cabecera + "".join(
        f"| {m.parte} | {m.ficheros} | {m.lineas} | {m.funciones} | {m.mediana:g} | {m.funcion} "
        f"| {m.fichero} | {m.repetidas} |\n"
        for m in medidas
    )


def main() -> int:
    hoy = tabla(medir())
    DOCUMENTO.write_text(DOCUMENTO.read_text("utf-8").partition(MARCA)[0] + MARCA + "\n" + hoy, "utf-8")
    print(hoy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
