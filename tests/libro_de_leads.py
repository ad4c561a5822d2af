"""Hojas de leads ficticios con la cabecera de verdad (30 columnas) y todas las trampas conocidas dentro."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

CABECERA = (
    *("DELEGACION", "POLIZA", "CERTIFICADO", "ORDEN", "NOMBRE", "APELLIDOS", "NIF", "SEXO"),
    *("TELEFONO1", "TELEFONO2", "SEGMENTO", "NOMBRE_CLINICA", "DIRECCION_CLINICA", "CODIGO_POSTAL"),
    *("TLF_CLINICA", "FECHA_ALTA_EFECTO", "NUM_HIJOS", *(f"EDAD_HIJO_{n}" for n in range(1, 6))),
    *("MODALIDAD", "PROPUESTA_VALOR", "FECHA_NACIMIENTO", "ID_PRODUCTO", "DE_PRODUCTO"),
    *("areaId", "match_source", "match_confidence"),
)
AREA = "default@tt_demo_aaaaaaaa_bbbbbbbb_cccccccc_00000001_zzzz"


def persona(numero: int, **cambios: Any) -> list[Any]:
    """Una fila correcta, como la guarda Excel: teléfonos, códigos y fechas de nacimiento son números."""
    fila = {
        "DELEGACION": 8,
        "POLIZA": 7_000_000 + numero,
        "CERTIFICADO": numero,
        "ORDEN": 1 + numero % 4,
        "NOMBRE": f"ANA {numero}",
        "APELLIDOS": "DEMO EJEMPLO",
        "NIF": f"{numero:08d}Z",
        "SEXO": "MUJER" if numero % 2 else "VARÓN",
        "TELEFONO1": 600_000_000 + numero,
        "TELEFONO2": 712_000_000.0 + numero if numero % 4 == 0 else None,
        "SEGMENTO": "B",
        "NOMBRE_CLINICA": "CLÍNICA DEMO CENTRO",
        "DIRECCION_CLINICA": f"CALLE FALSA {numero % 90}, 28013 MADRID",
        "CODIGO_POSTAL": 4700 if numero % 3 == 0 else 28013,
        "TLF_CLINICA": "91 000 00 00",
        "FECHA_ALTA_EFECTO": datetime(2024, 3, 1),
        "NUM_HIJOS": 0,
        "MODALIDAD": "SALUD",
        "PROPUESTA_VALOR": 1,
        "FECHA_NACIMIENTO": 19_800_101 + numero % 28,
        "ID_PRODUCTO": 42,
        "DE_PRODUCTO": "DENTAL DEMO",
        "areaId": AREA,
        "match_source": "dirección exacta",
        "match_confidence": 100,
    } | cambios
    return [fila.get(titulo) for titulo in CABECERA]


def escribir_xlsx(
    ruta: Path, filas: Iterable[Sequence[Any]], cabecera: Sequence[str] = CABECERA, otras: Sequence[str] = ()
) -> Path:
    """Un libro de una hoja; con `otras`, más hojas con algo dentro. Los textos se guardan tal cual."""
    opciones = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(ruta), opciones) as libro:
        fechas = libro.add_format({"num_format": "dd/mm/yyyy"})
        con_formato = libro.add_format({"bg_color": "#eeeeee"})
        hoja = libro.add_worksheet("Sheet1")
        hoja.write_row(0, 0, cabecera)
        for numero, fila in enumerate(filas, 1):
            for columna, valor in enumerate(fila):
                if isinstance(valor, datetime):
                    hoja.write_datetime(numero, columna, valor, fechas)
                elif valor is None:
                    hoja.write_blank(numero, columna, None, con_formato)
                elif isinstance(valor, str):
                    hoja.write_string(numero, columna, valor)
                else:
                    hoja.write(numero, columna, valor)
        for nombre in otras:
            libro.add_worksheet(nombre).write_row(0, 0, ["algo"])
    return ruta


def escribir_csv(
    ruta: Path,
    filas: Iterable[Sequence[Any]],
    cabecera: Sequence[str] = CABECERA,
    *,
    separador: str = ";",
    codificacion: str = "utf-8",
) -> Path:
    with ruta.open("w", encoding=codificacion, newline="") as fichero:
        escritor = csv.writer(fichero, delimiter=separador)
        escritor.writerow(cabecera)
        escritor.writerows(filas)
    return ruta
