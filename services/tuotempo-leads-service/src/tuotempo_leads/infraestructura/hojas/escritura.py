"""Escribe hojas de cálculo fila a fila: la memoria no crece con el número de filas.

Todas las celdas son texto: así un teléfono no pierde el prefijo, ni un código postal el cero. Lo que empieza como una
fórmula se neutraliza con un apóstrofo, que la importación vuelve a quitar.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

MAXIMO_DE_FILAS_EN_XLSX = 1_048_575
_MAXIMO_DE_CELDA = 32_767  # caracteres que admite Excel
_COMO_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def escribir(ruta: Path, formato: str, cabecera: Sequence[str], filas: Iterable[Sequence[Any]]) -> int:
    """Escribe en `ruta` un `xlsx` o un `csv` y devuelve cuántas filas tenía, sin contar la cabecera."""
    return (_xlsx if formato == "xlsx" else _csv)(ruta, cabecera, filas)


def a_texto(valor: Any) -> str:
    """Lo que se escribe en la celda: fechas ISO 8601, `1` o `0`, números sin `.0`, y nada que parezca una fórmula."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "1" if valor else "0"
    if isinstance(valor, float) and valor.is_integer():
        valor = int(valor)
    if isinstance(valor, datetime):
        return valor.isoformat(" ", "seconds")
    crudo = valor.isoformat() if isinstance(valor, date) else str(valor)
    return f"'{crudo}" if _COMO_FORMULA.match(crudo) else crudo


def _xlsx(ruta: Path, cabecera: Sequence[str], filas: Iterable[Sequence[Any]]) -> int:
    import xlsxwriter  # 13 MB en cada proceso: solo los paga el que exporta

    opciones = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(ruta.parent),
    }
    numero = 0
    with xlsxwriter.Workbook(str(ruta), opciones) as libro:
        hoja = libro.add_worksheet("Leads")
        negrita = libro.add_format({"bold": True})
        for columna, titulo in enumerate(cabecera):
            hoja.write_string(0, columna, a_texto(titulo), negrita)
        for numero, fila in enumerate(filas, 1):
            for columna, valor in enumerate(fila):
                if texto := a_texto(valor):
                    hoja.write_string(numero, columna, texto[:_MAXIMO_DE_CELDA])
    return numero


def _csv(ruta: Path, cabecera: Sequence[str], filas: Iterable[Sequence[Any]]) -> int:
    numero = 0
    with ruta.open(
        "w", encoding="utf-8-sig", newline=""
    ) as fichero:  # con BOM, para que Excel vea los acentos
        escritor = csv.writer(fichero, delimiter=";")
        escritor.writerow([a_texto(titulo) for titulo in cabecera])
        for fila in filas:
            escritor.writerow([a_texto(valor) for valor in fila])
            numero += 1
    return numero
