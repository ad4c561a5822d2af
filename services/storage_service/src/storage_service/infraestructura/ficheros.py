"""Un fichero JSON legible por cliente. Quien muera a mitad de una escritura deja el documento viejo o el nuevo."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import portalocker

from chasis.errores import FalloInterno, PrecondicionFallida
from storage_service.infraestructura import nombres
from storage_service.infraestructura.almacen import Condicion, etag

_EXTENSION = ".json"
_MAXIMO_CLAVE = 200  # con la extensión, por debajo de los 255 bytes de un nombre de fichero
_TURNOS = 256
_ABANDONADO = 3600  # segundos


class AlmacenDeFicheros:
    """Carpeta con un fichero por cliente; lo auxiliar vive en subcarpetas ocultas de la misma partición."""

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = carpeta
        self._temporales, self._turnos = carpeta / ".tmp", carpeta / ".turnos"
        self._largos, self._corruptos = carpeta / ".nombres", carpeta / ".corruptos"
        for necesaria in (self._temporales, self._turnos, self._largos, self._corruptos):
            necesaria.mkdir(parents=True, exist_ok=True)
        _recoger(self._temporales)
        self._distingue_mayusculas = not (carpeta / ".TMP").exists()

    def leer(self, nombre: str) -> bytes | None:
        try:
            return self._ruta(nombre).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as causa:
            raise FalloInterno("Error al leer el cliente") from causa

    def guardar(self, nombre: str, contenido: bytes, condicion: Condicion) -> bool:
        ruta = self._ruta(nombre)
        try:
            with self._turno(ruta.stem):
                actual = self.leer(nombre)
                if not condicion(None if actual is None else etag(actual)):
                    raise PrecondicionFallida("Precondición fallida")
                if ruta.stem.startswith(nombres.MARCA_DE_LARGO):
                    self._escribir(self._largos / ruta.stem, nombres.normalizar(nombre).encode())
                self._escribir(ruta, contenido)
                (self._corruptos / ruta.stem).unlink(missing_ok=True)
                return actual is None
        except OSError as causa:
            raise FalloInterno("Error al guardar el cliente") from causa

    def borrar(self, nombre: str) -> bool:
        ruta = self._ruta(nombre)
        try:
            with self._turno(ruta.stem):
                ruta.unlink()
                _asentar(self._carpeta)
                (self._corruptos / ruta.stem).unlink(missing_ok=True)
                (self._largos / ruta.stem).unlink(missing_ok=True)
                return True
        except FileNotFoundError:
            return False
        except OSError as causa:
            raise FalloInterno("Error al eliminar el cliente") from causa

    def nombres(self) -> Iterable[str]:
        with os.scandir(self._carpeta) as entradas:
            for entrada in entradas:
                if entrada.name.endswith(_EXTENSION):
                    clave = entrada.name.removesuffix(_EXTENSION)
                    yield nombres.nombre(clave) or (self._largos / clave).read_text("utf-8")

    def anotar_corrupto(self, nombre: str) -> None:
        # Un fichero por documento dañado: así lo ven todos los procesos y dura lo que dure el daño.
        (self._corruptos / self._ruta(nombre).stem).touch()

    def corruptos(self) -> int:
        return sum(1 for _ in os.scandir(self._corruptos))

    def comprobar(self) -> None:
        """Escribe y borra un temporal: una carpeta llena o de solo lectura no está lista."""
        prueba = self._temporales / f"prueba-{secrets.token_hex(8)}"
        prueba.write_bytes(b"ok")
        prueba.unlink()

    def _ruta(self, nombre: str) -> Path:
        clave = nombres.clave(nombre, _MAXIMO_CLAVE, distinguir_mayusculas=self._distingue_mayusculas)
        return self._carpeta / (clave + _EXTENSION)

    def _escribir(self, destino: Path, contenido: bytes) -> None:
        temporal = self._temporales / secrets.token_hex(16)
        try:
            with temporal.open("xb") as fichero:
                fichero.write(contenido)
                fichero.flush()
                os.fsync(fichero.fileno())
            temporal.replace(destino)
        except OSError:
            temporal.unlink(missing_ok=True)
            raise
        _asentar(destino.parent)

    @contextmanager
    def _turno(self, clave: str) -> Iterator[None]:
        """Un escritor a la vez por nombre, también entre procesos; los nombres se reparten en pocos ficheros."""
        numero = int(etag(clave.encode())[:8], 16) % _TURNOS
        with (self._turnos / f"{numero:02x}").open("ab") as fichero:
            portalocker.lock(fichero, portalocker.LockFlags.EXCLUSIVE)
            yield


def _recoger(temporales: Path) -> None:
    """Borra lo que dejó a medias un proceso muerto; lo reciente puede ser de otro que está escribiendo."""
    for temporal in temporales.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - temporal.stat().st_mtime > _ABANDONADO:
                temporal.unlink()


def _asentar(carpeta: Path) -> None:
    """Deja en el disco la entrada de la carpeta; sin esto un corte de luz puede olvidar el renombrado."""
    if os.name == "nt":  # Windows no deja abrir carpetas y asienta los renombrados por su cuenta
        return
    descriptor = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
