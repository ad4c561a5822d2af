"""Programa que lee y comprueba una hoja: se ejecuta en un proceso aparte, con límites de memoria y de tiempo.

    python -m tuotempo_leads.infraestructura.hojas.lector FICHERO NOMBRE CARPETA ZONA [CAMPOS]

CAMPOS es el JSON de las columnas elegidas a mano. Deja en CARPETA `buenas.jsonl` (tandas `[[fila, lead], …]`) y
`malas.jsonl` (una fila rechazada por línea), y cuenta por la salida estándar cómo va, con una línea JSON por mensaje:
`columnas`, `procesadas`/`total`, y `fin` o `error`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import orjson

from tuotempo_leads.dominio.cabeceras import Encabezado, reconocer
from tuotempo_leads.dominio.celdas import FilaRechazada
from tuotempo_leads.dominio.filas import Fallo, completar, leer_fila
from tuotempo_leads.dominio.telefonos import normalizar
from tuotempo_leads.infraestructura.hojas.apertura import Fila, abrir, limitar, tiene_algo
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, sin_memoria

MAXIMO_DE_FILAS = 200_000
_POR_TANDA = 1000
Leida = tuple[int, Sequence[Any], list[Any], list[Fallo]]  # número, celdas, valores y lo que no vale
_CADA = 0.25  # segundos entre dos noticias
_FICHEROS = {"buenas": "buenas.jsonl", "malas": "malas.jsonl"}


def main(fichero: str, nombre: str, carpeta: str, zona: str, campos: str = "null") -> int:
    limitar()
    try:
        leer(Path(fichero), nombre, Path(carpeta), ZoneInfo(zona), orjson.loads(campos))
    except (FicheroInvalido, FilaRechazada) as fallo:
        _contar(error=str(fallo))
    except MemoryError:
        _contar(error=str(sin_memoria(nombre)))
    return 0


def leer(ruta: Path, nombre: str, carpeta: Path, zona: ZoneInfo, campos: list[str] | None) -> None:
    """Comprueba todas las filas y las reparte en los dos ficheros de `carpeta`."""
    estimadas, cabecera, filas = abrir(ruta, nombre)
    encabezado = reconocer(cabecera, campos)
    _contar(columnas=encabezado.nombres, titulos=encabezado.titulos, ignoradas=encabezado.ignoradas)
    with (
        (carpeta / _FICHEROS["buenas"]).open("wb") as buenas,
        (carpeta / _FICHEROS["malas"]).open("wb") as malas,
    ):
        leidas = _comprobar(encabezado, _con_tope(filas, nombre), zona)
        total = _repartir(encabezado, leidas, estimadas, buenas, malas)
    if total == 0:
        raise FicheroInvalido(
            f"«{nombre}» solo tiene la fila de cabeceras: añade los leads y vuelve a subirlo."
        )
    _contar(fin=total)


def _comprobar(encabezado: Encabezado, filas: Iterable[Fila], zona: ZoneInfo) -> Iterator[Leida]:
    for numero, fila in filas:
        valores, fallos = leer_fila(encabezado, fila, zona)
        if sobrantes := [celda for celda in fila[len(encabezado.titulos) :] if tiene_algo(celda)]:
            motivo = (
                "la fila tiene más celdas que la cabecera: ¿falta entrecomillar un texto con el separador?"
            )
            fallos.append(Fallo("", str(sobrantes[0])[:200], motivo))
        yield numero, fila, valores, fallos


def _repartir(
    encabezado: Encabezado, leidas: Iterable[Leida], estimadas: int, buenas: IO[bytes], malas: IO[bytes]
) -> int:
    tanda: list[tuple[int, dict[str, Any]]] = []
    nombres, total, siguiente = encabezado.nombres, 0, 0.0
    for numero, fila, valores, fallos in leidas:
        total += 1
        if fallos:
            malas.write(orjson.dumps(_rechazada(encabezado, numero, fila, fallos), default=str) + b"\n")
        else:
            tanda.append((numero, completar(dict(zip(nombres, valores, strict=True)))))
        if len(tanda) == _POR_TANDA:
            buenas.write(orjson.dumps(tanda) + b"\n")
            tanda = []
        if total % 100 == 0 and (ahora := time.monotonic()) >= siguiente:
            siguiente = ahora + _CADA
            _contar(procesadas=total, total=max(total, estimadas - 1))
    if tanda:
        buenas.write(orjson.dumps(tanda) + b"\n")
    return total


def _rechazada(
    encabezado: Encabezado, numero: int, fila: Sequence[Any], fallos: list[Fallo]
) -> dict[str, Any]:
    telefonos = [
        normalizar(fila[p]) for p, c in encabezado.columnas if c.nombre == "telefono" and p < len(fila)
    ]
    return {
        "fila": numero,
        "fallos": [[fallo.columna, fallo.valor, fallo.motivo] for fallo in fallos],
        "celdas": fila[: len(encabezado.titulos)],
        "telefono": telefonos[0] if telefonos else "",
    }


def _con_tope(filas: Iterable[Fila], nombre: str) -> Iterator[Fila]:
    for cuenta, fila in enumerate(filas, 1):
        if cuenta > MAXIMO_DE_FILAS:
            raise FicheroInvalido(
                f"«{nombre}» pasa de {MAXIMO_DE_FILAS} filas: divídelo en varios y súbelos con modo=anadir."
            )
        yield fila


def _contar(**mensaje: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(mensaje) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
