"""Un vistazo a una hoja antes de importarla: qué columna se entiende de cada cabecera y las primeras filas.

    python -m tuotempo_leads.infraestructura.hojas.vistazo FICHERO NOMBRE

Abrir un fichero de fuera se hace siempre en otro proceso, con los mismos límites que al importarlo.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from tuotempo_leads.dominio.cabeceras import reconocer as reconocer_cabeceras
from tuotempo_leads.dominio.celdas import FilaRechazada, como_texto
from tuotempo_leads.infraestructura.hojas import filas_de_csv, filas_de_xlsx
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, reconocer
from tuotempo_leads.infraestructura.hojas.lector import MAXIMO_DE_COLUMNAS, limitar

FILAS = 5
_PLAZO = 30  # segundos
_MAYOR_CELDA = 60  # caracteres que se enseñan


@dataclass(frozen=True)
class Columna:
    """Una columna de la hoja: su título, a qué campo del lead va (`""`, a ninguno) y sus primeros valores."""

    titulo: str
    campo: str
    muestra: list[str]


@dataclass(frozen=True)
class Vistazo:
    filas: int
    columnas: list[Columna]


def mirar(ruta: Path, nombre: str) -> Vistazo:
    """Lanza `FicheroInvalido`, con una frase que dice qué hacer, si la hoja no se puede importar."""
    orden = [sys.executable, "-m", "tuotempo_leads.infraestructura.hojas.vistazo", str(ruta), nombre]
    try:
        salida = subprocess.run(  # noqa: S603 — es este mismo Python, y la orden no pasa por un intérprete
            orden, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PLAZO, check=True
        ).stdout
        leido = orjson.loads(salida)
    except (subprocess.SubprocessError, orjson.JSONDecodeError):
        raise FicheroInvalido(
            f"«{nombre}» no se ha podido leer: es demasiado grande o está dañado. Divídelo, o guárdalo como CSV."
        ) from None
    if "error" in leido:
        raise FicheroInvalido(leido["error"])
    return Vistazo(leido["filas"], [Columna(**columna) for columna in leido["columnas"]])


def main(fichero: str, nombre: str) -> int:
    limitar()
    try:
        leido = _leer(Path(fichero), nombre)
    except (FicheroInvalido, FilaRechazada) as fallo:
        leido = {"error": str(fallo)}
    except MemoryError:
        leido = {"error": f"«{nombre}» necesita demasiada memoria para leerlo: divídelo en varios."}
    sys.stdout.buffer.write(orjson.dumps(leido))
    return 0


def _leer(ruta: Path, nombre: str) -> dict[str, Any]:
    abrir = filas_de_xlsx.abrir if reconocer(ruta, nombre) == "xlsx" else filas_de_csv.abrir
    _, filas = abrir(ruta, nombre)
    con_datos = (fila for _, fila in filas if any(como_texto(celda).strip() for celda in fila))
    cabecera = next(con_datos, None)
    if cabecera is None:
        raise FicheroInvalido(f"«{nombre}» no tiene ninguna fila: comprueba que has guardado los datos.")
    if len(cabecera) > MAXIMO_DE_COLUMNAS:
        raise FicheroInvalido(f"«{nombre}» pasa de {MAXIMO_DE_COLUMNAS} columnas: quita las que sobran.")
    encabezado = reconocer_cabeceras(cabecera)
    campos = {posicion: columna.nombre for posicion, columna in encabezado.columnas}
    primeras = list(islice(con_datos, FILAS))
    columnas = [
        {
            "titulo": titulo,
            "campo": campos.get(posicion, ""),
            "muestra": [
                como_texto(fila[posicion])[:_MAYOR_CELDA] for fila in primeras if posicion < len(fila)
            ],
        }
        for posicion, titulo in enumerate(encabezado.titulos)
        if titulo
    ]
    return {"filas": len(primeras) + sum(1 for _ in con_datos), "columnas": columnas}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
