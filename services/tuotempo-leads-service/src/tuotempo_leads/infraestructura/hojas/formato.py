"""Qué es un fichero, por su contenido y no por su nombre, y si se puede abrir sin peligro."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Formato = Literal["xlsx", "csv"]

MEBIBYTE = 1024 * 1024
MAXIMO_DEL_FICHERO = 20 * MEBIBYTE
# Un libro es un ZIP: 100 000 filas por 30 columnas son 11 MB, y 144 sin comprimir; una bomba, mil veces más.
_MAXIMO_DESCOMPRIMIDO = 300_000_000
_MAXIMA_RAZON = 100
_MAXIMAS_ENTRADAS = 200
_MINIMO_PARA_LA_RAZON = 10_000_000  # una hoja pequeña y repetitiva se comprime mucho sin ser una bomba
_FIRMAS = (
    (b"%PDF", "es un PDF"),
    (b"\x89PNG", "es una imagen"),
    (b"\xff\xd8\xff", "es una imagen"),
    (b"Rar!", "es un archivo comprimido"),
    (b"7z\xbc\xaf", "es un archivo comprimido"),
    (b"\x1f\x8b", "es un archivo comprimido"),
)
_COMO = "ábrelo en Excel, elige «Guardar como» y «Libro de Excel (.xlsx)», y vuelve a subirlo"


class FicheroInvalido(Exception):
    """El fichero no se puede importar; el texto es una frase que dice qué hacer."""


class DemasiadoGrande(FicheroInvalido):
    """Pasa de los octetos que se admiten."""


def reconocer(ruta: Path, nombre: str) -> Formato:
    """`xlsx` o `csv`; si no es ninguno de los dos, `FicheroInvalido`."""
    octetos = ruta.stat().st_size
    if octetos == 0:
        raise FicheroInvalido(f"«{nombre}» está vacío (0 bytes): vuelve a exportarlo y súbelo de nuevo.")
    if octetos > MAXIMO_DEL_FICHERO:
        raise demasiado_grande(nombre)
    with ruta.open("rb") as fichero:
        inicio = fichero.read(4096)
    for firma, que_es in _FIRMAS:
        if inicio.startswith(firma):
            raise FicheroInvalido(f"«{nombre}» {que_es}, no una hoja de cálculo: sube un .xlsx o un .csv.")
    if inicio.startswith(b"\xd0\xcf\x11\xe0"):
        raise FicheroInvalido(f"«{nombre}» es un Excel antiguo (.xls) o tiene contraseña: {_COMO}.")
    if inicio.startswith(b"PK"):
        _revisar_zip(ruta, nombre)
        return "xlsx"
    return _texto(inicio, nombre)


def demasiado_grande(nombre: str) -> DemasiadoGrande:
    tope = MAXIMO_DEL_FICHERO // MEBIBYTE
    return DemasiadoGrande(f"«{nombre}» pasa de {tope} MiB: divídelo en varios y súbelos con modo=anadir.")


def _texto(inicio: bytes, nombre: str) -> Formato:
    if inicio.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise FicheroInvalido(
            f"«{nombre}» es una página web, no una hoja de cálculo: comprueba la dirección."
        )
    if nombre.lower().endswith((".xlsx", ".xlsm")):
        raise FicheroInvalido(f"«{nombre}» no es un libro de Excel aunque su nombre lo diga: {_COMO}.")
    if b"\x00" in inicio and not inicio.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FicheroInvalido(f"«{nombre}» no es un .xlsx ni un .csv: {_COMO}.")
    return "csv"


def _revisar_zip(ruta: Path, nombre: str) -> None:
    try:
        with zipfile.ZipFile(ruta) as comprimido:
            entradas = comprimido.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise danado(nombre) from None
    total = sum(entrada.file_size for entrada in entradas)
    razon = total / max(1, sum(entrada.compress_size for entrada in entradas))
    if (
        total > _MAXIMO_DESCOMPRIMIDO
        or len(entradas) > _MAXIMAS_ENTRADAS
        or (razon > _MAXIMA_RAZON and total > _MINIMO_PARA_LA_RAZON)
    ):
        raise FicheroInvalido(
            f"«{nombre}» ocupa demasiado al abrirlo ({total // 1_000_000} MB): deja solo la hoja de los leads y "
            "guárdalo otra vez."
        )
    if not any(entrada.filename == "xl/workbook.xml" for entrada in entradas):
        raise FicheroInvalido(f"«{nombre}» no es un libro de Excel (.xlsx): {_COMO}.")


def danado(nombre: str) -> FicheroInvalido:
    return FicheroInvalido(f"«{nombre}» está dañado o incompleto: {_COMO}.")


def sin_memoria(nombre: str) -> FicheroInvalido:
    return FicheroInvalido(f"«{nombre}» necesita demasiada memoria para leerlo: divídelo en varios.")


def ilegible(nombre: str) -> FicheroInvalido:
    """El proceso que la leía no llegó a decir qué le pasaba."""
    return FicheroInvalido(
        f"«{nombre}» no se ha podido leer: es demasiado grande o está dañado. Divídelo, o guárdalo como CSV."
    )
