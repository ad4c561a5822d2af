"""Un vistazo a una hoja antes de importarla: qué campo es cada columna y cómo se leerían sus primeras filas.

    python -m tuotempo_leads.infraestructura.hojas.vistazo FICHERO NOMBRE [CAMPOS]

Abrir un fichero de fuera se hace siempre en otro proceso, con los mismos límites que al importarlo.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from tuotempo_leads.dominio.cabeceras import COLUMNA, proponer, reconocer
from tuotempo_leads.dominio.celdas import FilaRechazada, como_texto, sin_apostrofo
from tuotempo_leads.dominio.filas import leer_celda
from tuotempo_leads.infraestructura.hojas.apertura import abrir, limitar
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, ilegible, sin_memoria

FILAS = 5
_PLAZO = 30  # segundos
_MAYOR_CELDA = 60  # caracteres que se enseñan


@dataclass(frozen=True)
class Columna:
    """Una columna de la hoja: su título, a qué campo del lead va (`""`, a ninguno) y sus primeros valores.

    `malas` de esos valores no valen para el campo, y el primero, por este `motivo`.
    """

    posicion: int
    titulo: str
    campo: str
    muestra: list[str]
    malas: int
    motivo: str


@dataclass(frozen=True)
class Vistazo:
    """`queja` dice qué hay que corregir para poder importarla, si hay algo; `titulos` son todas las cabeceras."""

    filas: int
    titulos: list[str]
    columnas: list[Columna]
    queja: str
    avisada: bool  # la queja es de lo que se ha entendido solo, no de lo elegido a mano

    @property
    def campos(self) -> list[str]:
        """El de cada posición, como los quiere `cabeceras.reconocer`."""
        de = {columna.posicion: columna.campo for columna in self.columnas}
        return [de.get(posicion, "") for posicion in range(len(self.titulos))]


def mirar(ruta: Path, nombre: str, campos: Sequence[str] | None = None) -> Vistazo:
    """Con los `campos` elegidos para cada posición o, sin ellos, con los que digan las cabeceras.

    Lanza `FicheroInvalido`, con una frase que dice qué hacer, si la hoja no se puede importar.
    """
    modulo = "tuotempo_leads.infraestructura.hojas.vistazo"
    elegidos = orjson.dumps(campos).decode()
    orden = [sys.executable, "-m", modulo, str(ruta), nombre, elegidos]
    try:
        salida = subprocess.run(  # noqa: S603 — es este mismo Python, y la orden no pasa por un intérprete
            orden, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PLAZO, check=True
        ).stdout
        leido = orjson.loads(salida)
    except (subprocess.SubprocessError, orjson.JSONDecodeError):
        raise ilegible(nombre) from None
    if "error" in leido:
        raise FicheroInvalido(leido["error"])
    columnas = [Columna(**columna) for columna in leido.pop("columnas")]
    return Vistazo(**leido, columnas=columnas, avisada=campos is None)


def main(fichero: str, nombre: str, campos: str = "null") -> int:
    limitar()
    try:
        leido = _leer(Path(fichero), nombre, orjson.loads(campos))
    except FicheroInvalido as fallo:
        leido = {"error": str(fallo)}
    except MemoryError:
        leido = {"error": str(sin_memoria(nombre))}
    sys.stdout.buffer.write(orjson.dumps(leido))
    return 0


def _leer(ruta: Path, nombre: str, campos: list[str] | None) -> dict[str, Any]:
    _, cabecera, filas = abrir(ruta, nombre)
    titulos = [como_texto(celda).strip() for celda in cabecera]
    queja = ""
    try:
        reconocer(cabecera, campos)
    except FilaRechazada as motivo:
        queja = str(motivo)
    elegidos = proponer(titulos) if campos is None else [*campos, *[""] * len(titulos)][: len(titulos)]
    primeras = [fila for _, fila in islice(filas, FILAS)]
    columnas = [
        _columna(posicion, titulo, elegidos[posicion], [f[posicion] for f in primeras if posicion < len(f)])
        for posicion, titulo in enumerate(titulos)
        if titulo
    ]
    filas_leidas = len(primeras) + sum(1 for _ in filas)
    return {"filas": filas_leidas, "titulos": titulos, "columnas": columnas, "queja": queja}


def _columna(posicion: int, titulo: str, campo: str, celdas: list[Any]) -> dict[str, Any]:
    motivos = []
    for celda in celdas:
        try:
            if campo in COLUMNA:
                leer_celda(COLUMNA[campo], sin_apostrofo(celda))
        except FilaRechazada as motivo:
            motivos.append(str(motivo))
    return {
        "posicion": posicion,
        "titulo": titulo,
        "campo": campo if campo in COLUMNA else "",
        "muestra": [como_texto(celda)[:_MAYOR_CELDA] for celda in celdas],
        "malas": len(motivos),
        "motivo": motivos[0] if motivos else "",
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
