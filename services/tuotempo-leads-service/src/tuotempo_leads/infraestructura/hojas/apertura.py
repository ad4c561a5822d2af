"""Abrir una hoja dentro de un proceso con límites: de un fichero cualquiera, su cabecera y sus filas con datos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tuotempo_leads.infraestructura.hojas import filas_de_csv, filas_de_xlsx
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, reconocer

MEMORIA = 1 << 30  # bytes de memoria virtual
CPU = 120  # segundos de procesador
MAXIMO_DE_COLUMNAS = 200
Fila = tuple[int, Sequence[Any]]  # su número en la hoja y sus celdas


def limitar() -> None:
    """Lo que pase de aquí mata al proceso, y no al servicio que lo lanzó."""
    with suppress(ImportError):  # Windows no tiene estos límites: allí queda el plazo de quien lo lanza
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def abrir(ruta: Path, nombre: str) -> tuple[int, Sequence[Any], Iterator[Fila]]:
    """Cuántas filas puede tener, su cabecera y las demás filas con datos; `FicheroInvalido` si no se puede."""
    lector = filas_de_xlsx if reconocer(ruta, nombre) == "xlsx" else filas_de_csv
    estimadas, filas = lector.abrir(ruta, nombre)
    con_datos = ((numero, fila) for numero, fila in filas if any(map(tiene_algo, fila)))
    _, cabecera = next(con_datos, (0, None))
    if cabecera is None:
        raise FicheroInvalido(f"«{nombre}» no tiene ninguna fila: comprueba que has guardado los datos.")
    if len(cabecera) > MAXIMO_DE_COLUMNAS:
        raise FicheroInvalido(f"«{nombre}» pasa de {MAXIMO_DE_COLUMNAS} columnas: quita las que sobran.")
    return estimadas, cabecera, con_datos


def tiene_algo(celda: object) -> bool:
    return celda is not None and celda != "" and not (isinstance(celda, str) and celda.isspace())
