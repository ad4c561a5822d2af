"""Datos de personas y secretos que no pueden estar en un registro: los que usan las pruebas y los que se les parecen.

Los primeros se apuntan solos: de cada petición que hace una prueba y de cada ejemplo de un README, lo que vaya bajo
una clave que `chasis.mascaras` taparía. Los demás se buscan por su forma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.test import EnvironBuilder

from chasis import mascaras, registros
from tests import ejemplos

FORMAS = {
    "un correo": re.compile(r"[\w.+-]*\w@[\w-]+\.[a-z]{2,}"),
    "un teléfono": re.compile(r"(?<![\w.:-])(?:\+\d{10,13}|[67]\d{8})(?![\w.-])"),
    "un documento": re.compile(r"(?<![\w.-])\d{8}[A-HJ-NP-TV-Z](?![\w-])"),
    "un token": re.compile(r"\beyJ[\w-]{10,}\.|(?i:\b(?:bearer|basic) [\w.~+/=-]{8,})"),
    "una clave privada": re.compile("PRIVATE KEY"),
    "una contraseña en una dirección": re.compile(r"://[^/\s:@]+:[^/\s*@]+@"),
}
# Ni palabras corrientes ni lo tan corto que está en cualquier parte: no señalan a nadie.
_CORRIENTE = re.compile(r".{0,4}|\d{0,6}|[a-záéíóúñü ]+|.*[{}].*|\w+ \d+", re.DOTALL)
_TAMBIEN = {"email", "correo", "fname", "lname", "username"}
_SECRETA = re.compile("SECRET|CLAVE|PASSWORD|TOKEN|API_KEY|LLAVE")


class Fugas:
    """Lo que se ha dicho hasta ahora y no puede verse después."""

    def __init__(self) -> None:
        self.dichos: set[str] = set()

    def apuntar(self, datos: Any) -> None:
        """Los datos de personas y las claves que lleve un cuerpo, un formulario o una consulta."""
        self.dichos.update(valor for valor in _personales(datos) if not _CORRIENTE.fullmatch(valor))

    def apuntar_readme(self, readme: Path) -> None:
        """Lo que enseña un README, tanto en sus respuestas como en sus órdenes."""
        for ejemplo in ejemplos.de(readme):
            self.apuntar(ejemplo.cuerpo)
            pares = re.findall(r"""["'?&\s]([\w-]+)["']?\s*[:=]\s*["']?([^"'&\n]+)""", ejemplo.orden)
            self.apuntar([{clave: valor} for clave, valor in pares if "://" not in valor])

    def apuntar_entorno(self, entorno: dict[str, str]) -> None:
        """Los secretos que se dieron a los procesos por su entorno."""
        self.dichos.update(valor for clave, valor in entorno.items() if _SECRETA.search(clave) and valor)

    def en(self, texto: str) -> Iterator[tuple[str, str]]:
        """Cada línea en la que hay algo que no debería, con qué es."""
        vistos = {dicho for dicho in self.dichos if dicho in texto or quote(dicho) in texto}
        for linea in texto.splitlines():
            for dicho in vistos:
                if dicho in linea or quote(dicho) in linea:
                    yield f"«{dicho}»", linea
            for forma, patron in FORMAS.items():
                if hallado := patron.search(linea):
                    yield f"{forma}, «{hallado[0]}»", linea

    def exigir_ninguna(self, registros: Mapping[str, str]) -> None:
        """Falla diciendo qué se ha visto, en qué registro y en qué línea; `registros` es el texto de cada uno."""
        vistas = [
            f"{registro}: {que}\n    {linea[:500]}"
            for registro, texto in registros.items()
            for que, linea in self.en(texto)
        ]
        assert not vistas, "los registros llevan datos de personas o secretos:\n" + "\n".join(vistas[:20])


def escuchar(monkeypatch: Any) -> tuple[list[str], Fugas]:
    """Las líneas que se escriban desde ahora en este proceso, y lo que se diga en las peticiones a una aplicación."""
    lineas, dichos, escribir, construir = [], Fugas(), registros._a_json, EnvironBuilder.__init__

    def apuntar_linea(*partes: Any) -> str:
        lineas.append(escribir(*partes))
        return lineas[-1]

    def apuntar_peticion(peticion: Any, *resto: Any, **opciones: Any) -> None:
        dichos.apuntar([opciones.get(clave) for clave in ("json", "data", "query_string")])
        construir(peticion, *resto, **opciones)

    monkeypatch.setattr(registros, "_a_json", apuntar_linea)
    monkeypatch.setattr(EnvironBuilder, "__init__", apuntar_peticion)
    return lineas, dichos


def _personales(datos: Any, clave: str = "") -> Iterator[str]:
    if isinstance(datos, dict):
        for nombre, valor in datos.items():
            # Lo que hay dentro de algo personal también lo es: `{"contacto": {"movil": …}}`.
            yield from _personales(valor, str(nombre) if _es_personal(str(nombre)) else clave)
    elif isinstance(datos, list | tuple):
        for valor in datos:
            yield from _personales(valor, clave)
    elif clave and isinstance(datos, str):
        yield datos.strip()


def _es_personal(clave: str) -> bool:
    return mascaras.tapar({clave: "Rosario"})[clave] != "Rosario" or clave in _TAMBIEN
