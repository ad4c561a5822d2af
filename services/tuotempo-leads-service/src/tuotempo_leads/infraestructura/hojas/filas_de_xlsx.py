"""Filas de un libro de Excel. calamine lo lee entero en memoria: solo se llama dentro del proceso con límites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, danado


def abrir(ruta: Path, nombre: str) -> tuple[int, Iterator[tuple[int, list[Any]]]]:
    """Cuántas filas tiene su única hoja con datos, y las filas con el número que les da Excel."""
    try:
        libro = load_workbook(str(ruta))
        hojas = [hoja for hoja in _visibles(libro) if hoja.height]
    except PasswordError:
        raise FicheroInvalido(f"«{nombre}» tiene contraseña: quítasela y vuelve a subirlo.") from None
    except (CalamineError, OSError, ValueError):
        raise danado(nombre) from None
    if not hojas:
        raise FicheroInvalido(f"«{nombre}» no tiene ninguna fila: comprueba que has guardado los datos.")
    if len(hojas) > 1:
        nombres = ", ".join(f"«{hoja.name}»" for hoja in hojas[:5])
        raise FicheroInvalido(
            f"«{nombre}» tiene {len(hojas)} hojas con datos ({nombres}): deja solo la de los leads."
        )
    return hojas[0].total_height, enumerate(hojas[0].iter_rows(), 1)


def _visibles(libro: CalamineWorkbook) -> Iterator[CalamineSheet]:
    for datos in libro.sheets_metadata:
        if datos.typ == SheetTypeEnum.WorkSheet and datos.visible == SheetVisibleEnum.Visible:
            yield libro.get_sheet_by_name(datos.name)
