"""Las hojas que están guardadas en el servidor, listas para importar."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from chasis.errores import Conflicto, NoEncontrado
from tuotempo_leads.aplicacion.importacion import trabajos
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

EXTENSIONES = (".xlsx", ".csv")
MAXIMO = 200
_MAYOR_NOMBRE = 240  # octetos sin la extensión: con ella y un « (999)», lo que admite un sistema de ficheros
_MAYOR_NUMERO = 999
NO_VALE = "Formato de archivo no válido."


@dataclass(frozen=True)
class Hoja:
    """`modificada` es UTC sin zona."""

    nombre: str
    octetos: int
    modificada: datetime


def lista(carpeta: Path) -> list[Hoja]:
    """Las más recientes, primero."""
    if not carpeta.is_dir():
        return []
    hojas = [_hoja(ruta) for ruta in carpeta.iterdir() if _es_hoja(ruta)]
    return sorted(hojas, key=lambda hoja: hoja.modificada, reverse=True)[:MAXIMO]


def buscar(carpeta: Path, nombre: str) -> Path:
    """La ruta de una de la lista. El nombre se busca entre los que hay: nunca se compone una ruta con él."""
    rutas = carpeta.iterdir() if carpeta.is_dir() else ()
    for ruta in rutas:
        if ruta.name == nombre and _es_hoja(ruta):
            return ruta
    raise NoEncontrado("Esa hoja ya no está: vuelve a subirla.")


def guardar(flujo: IO[bytes], nombre: str, carpeta: Path) -> str:
    """Guarda una hoja recién subida y da su nombre; si ya había una, con un número detrás. O `FicheroInvalido`."""
    limpio = Path(trabajos.nombre_limpio(nombre))
    if limpio.suffix.lower() not in EXTENSIONES:
        raise FicheroInvalido(NO_VALE)
    raiz = limpio.stem.encode()[:_MAYOR_NOMBRE].decode(errors="ignore")
    recibido = Path(trabajos.guardar_fichero(flujo, limpio.name, carpeta)["ruta"])
    try:
        for numero in range(1, _MAYOR_NUMERO + 1):
            destino = carpeta / f"{raiz}{f' ({numero})' if numero > 1 else ''}{limpio.suffix}"
            with suppress(FileExistsError):
                destino.hardlink_to(recibido)  # a diferencia de mover, nunca pisa a otra
                return destino.name
    finally:
        recibido.unlink()
    raise FicheroInvalido(f"Ya hay demasiadas hojas llamadas «{limpio}»: cámbiale el nombre.")


def copiar(ruta: Path, carpeta: Path, sha256: str = "") -> Mapping[str, Any]:
    """Una copia para importar, con sus columnas de origen; con `sha256`, tiene que ser la que se simuló."""
    with ruta.open("rb") as flujo:
        copia = trabajos.guardar_fichero(flujo, ruta.name, carpeta)
    if sha256 and copia["sha256"] != sha256:
        Path(copia["ruta"]).unlink(missing_ok=True)
        raise Conflicto("La hoja ha cambiado desde que se simuló: vuelve a simularla.")
    return copia


def _es_hoja(ruta: Path) -> bool:
    return ruta.suffix.lower() in EXTENSIONES and ruta.is_file() and not ruta.is_symlink()


def _hoja(ruta: Path) -> Hoja:
    datos = ruta.stat()
    return Hoja(ruta.name, datos.st_size, datetime.fromtimestamp(datos.st_mtime, UTC).replace(tzinfo=None))
