"""Un fichero JSON legible por cliente. Quien muera a mitad de una escritura deja el documento viejo o el nuevo.

Las rutas son cadenas y las llamadas son de `os`: en una escritura, montar objetos `Path` costaba más que usarlos.
"""

from __future__ import annotations

import itertools
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from chasis.errores import FalloInterno, PrecondicionFallida
from storage_service.infraestructura import nombres
from storage_service.infraestructura.almacen import Condicion, etag
from storage_service.infraestructura.diario import Anotacion
from storage_service.infraestructura.turnos import Turnos

_EXTENSION = ".json"
_MAXIMO_CLAVE = 200  # con la extensión, por debajo de los 255 bytes de un nombre de fichero
_ABANDONADO = 3600  # segundos
_TROZO = 65_536  # bytes; de un fichero corriente, menos quiere decir que no hay más


class AlmacenDeFicheros:
    """Carpeta con un fichero por cliente; lo auxiliar vive en subcarpetas ocultas de la misma partición."""

    EDAD_DE_LO_ABANDONADO = 0.0  # quien escribe tiene el turno del nombre, y al morir lo suelta

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = str(carpeta)
        self._temporales, self._largos, self._corruptos, turnos = (
            str(carpeta / nombre) for nombre in (".tmp", ".nombres", ".corruptos", ".turnos")
        )
        for necesaria in (self._temporales, self._largos, self._corruptos, turnos):
            os.makedirs(necesaria, exist_ok=True)
        self._turnos = Turnos(turnos)
        self._nuevo_temporal = map(
            f"{self._temporales}/{secrets.token_hex(8)}-{{}}".format, itertools.count()
        )
        _recoger(self._temporales)
        self._distingue_mayusculas = not os.path.exists(f"{carpeta}/.TMP")

    def leer(self, nombre: str) -> bytes | None:
        try:
            return _leer(self._ruta(self._clave(nombre)))
        except FileNotFoundError:
            return None
        except OSError as causa:
            raise FalloInterno("Error al leer el cliente") from causa

    def guardar(
        self,
        nombre: str,
        contenido: bytes,
        condicion: Condicion | None,
        anotacion: Anotacion | None = None,
    ) -> None:
        clave = self._clave(nombre)
        try:
            with self._turnos.turno(clave):
                previo = self._version(nombre) if condicion or anotacion else None
                if condicion and not condicion(previo):
                    raise PrecondicionFallida("Precondición fallida")
                with anotacion(previo) if anotacion else nullcontext():
                    if clave.startswith(nombres.MARCA_DE_LARGO):
                        self._escribir(f"{self._largos}/{clave}", nombres.normalizar(nombre).encode())
                    self._escribir(self._ruta(clave), contenido)
                _quitar(f"{self._corruptos}/{clave}")
        except OSError as causa:
            raise FalloInterno("Error al guardar el cliente") from causa

    def borrar(self, nombre: str, anotacion: Anotacion | None = None) -> bool:
        clave = self._clave(nombre)
        try:
            with self._turnos.turno(clave):
                previo = self._version(nombre)
                if previo is None:
                    return False
                with anotacion(previo) if anotacion else nullcontext():
                    os.unlink(self._ruta(clave))
                    _asentar(self._carpeta)
                _quitar(f"{self._corruptos}/{clave}")
                _quitar(f"{self._largos}/{clave}")
                return True
        except OSError as causa:
            raise FalloInterno("Error al eliminar el cliente") from causa

    @contextmanager
    def en_exclusiva(self, nombre: str) -> Iterator[str | None]:
        with self._turnos.turno(self._clave(nombre)):
            yield self._version(nombre)

    def nombres(self) -> Iterable[str]:
        with os.scandir(self._carpeta) as entradas:
            for entrada in entradas:
                if entrada.name.endswith(_EXTENSION):
                    clave = entrada.name.removesuffix(_EXTENSION)
                    yield nombres.nombre(clave) or Path(self._largos, clave).read_text("utf-8")

    def anotar_corrupto(self, nombre: str) -> None:
        # Un fichero por documento dañado: así lo ven todos los procesos y dura lo que dure el daño.
        Path(self._corruptos, self._clave(nombre)).touch()

    def corruptos(self) -> int:
        return sum(1 for _ in os.scandir(self._corruptos))

    def comprobar(self) -> None:
        """Escribe y borra un temporal: una carpeta llena o de solo lectura no está lista."""
        prueba = Path(next(self._nuevo_temporal))
        prueba.write_bytes(b"ok")
        prueba.unlink()

    def _clave(self, nombre: str) -> str:
        return nombres.clave(nombre, _MAXIMO_CLAVE, distinguir_mayusculas=self._distingue_mayusculas)

    def _ruta(self, clave: str) -> str:
        return f"{self._carpeta}/{clave}{_EXTENSION}"

    def _version(self, nombre: str) -> str | None:
        actual = self.leer(nombre)
        return None if actual is None else etag(actual)

    def _escribir(self, destino: str, contenido: bytes) -> None:
        temporal = next(self._nuevo_temporal)
        try:
            with open(temporal, "xb", 0) as fichero:
                fichero.write(contenido)
                os.fsync(fichero.fileno())
            os.replace(temporal, destino)
        except OSError:
            _quitar(temporal)
            raise
        _asentar(os.path.dirname(destino))


def _leer(ruta: str) -> bytes:
    # Con `open` son siete llamadas al sistema, y en cada una los demás hilos se disputan el turno; así, tres.
    descriptor, trozos = os.open(ruta, os.O_RDONLY | getattr(os, "O_BINARY", 0)), [b""]
    try:
        while trozo := os.read(descriptor, _TROZO):
            trozos.append(trozo)
            if len(trozo) < _TROZO:
                break
    finally:
        os.close(descriptor)
    return b"".join(trozos)


def _quitar(ruta: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(ruta)


def _recoger(temporales: str) -> None:
    """Borra lo que dejó a medias un proceso muerto; lo reciente puede ser de otro que está escribiendo."""
    for temporal in os.scandir(temporales):
        with suppress(FileNotFoundError):
            if time.time() - temporal.stat().st_mtime > _ABANDONADO:
                os.unlink(temporal.path)


def _asentar(carpeta: str) -> None:
    """Deja en el disco la entrada de la carpeta; sin esto un corte de luz puede olvidar el renombrado."""
    if os.name == "nt":  # Windows no deja abrir carpetas y asienta los renombrados por su cuenta
        return
    descriptor = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
