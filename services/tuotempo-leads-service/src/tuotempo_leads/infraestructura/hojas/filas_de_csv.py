"""Filas de un CSV: en UTF-8, UTF-16 o la codificación de Windows; separadas por `;`, `,`, tabulador o `|`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

_SEPARADORES = ";,\t|"


def abrir(ruta: Path, nombre: str) -> tuple[int, Iterator[tuple[int, list[str]]]]:
    """Cuántas líneas tiene y sus filas, numeradas desde 1; todo es texto."""
    contenido = _descodificar(ruta.read_bytes())
    if "\x00" in contenido:
        raise FicheroInvalido(f"«{nombre}» no es un texto CSV: vuelve a exportarlo como «CSV UTF-8».")
    primera = contenido.split("\n", 1)[0]
    saltar = primera.lower().startswith("sep=")  # lo escribe Excel para decir cuál es el separador
    cabecera = contenido.split("\n", 1 + saltar)[: 1 + saltar][-1]
    dicho = primera[4:5].strip('"\r') if saltar else ""
    separador = dicho or max(_SEPARADORES, key=_fuera_de_comillas(cabecera).count)
    lineas = io.StringIO(contenido, newline="")
    if saltar:
        lineas.readline()
    return contenido.count("\n"), _recorrer(
        csv.reader(lineas, delimiter=separador, strict=True), nombre, 1 + saltar
    )


def _recorrer(lector: Iterator[list[str]], nombre: str, primera: int) -> Iterator[tuple[int, list[str]]]:
    numero = primera - 1
    try:
        for numero, fila in enumerate(lector, primera):
            yield numero, fila
    except csv.Error as fallo:
        raise FicheroInvalido(
            f"«{nombre}» tiene unas comillas mal cerradas a partir de la fila {numero + 1}: corrígelas, o guárdalo "
            f"como .xlsx ({fallo})."
        ) from None


def _descodificar(crudo: bytes) -> str:
    if crudo.startswith((b"\xff\xfe", b"\xfe\xff")):
        return crudo.decode("utf-16", "replace")
    try:
        return crudo.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return crudo.decode("cp1252")
        except UnicodeDecodeError:
            return crudo.decode("latin-1")


def _fuera_de_comillas(linea: str) -> str:
    return "".join(linea.split('"')[::2])
