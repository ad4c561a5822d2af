"""Copia coherente de una carpeta de datos en marcha, como un tar por la salida; y su vuelta, por la entrada.

    python volumen.py sacar CARPETA > copia.tar        python volumen.py meter CARPETA < copia.tar

Todas las bases SQLite de la carpeta se detienen a la vez un instante: en él se abre una lectura en cada una y se
enlazan los demás ficheros, que nunca se escriben por segunda vez. Después se copia sin estorbar a nadie.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import ExitStack, closing, suppress
from pathlib import Path

ESPERA = 30  # segundos que se espera el turno de escritura de cada base
AUXILIARES = (".sqlite-wal", ".sqlite-shm")
NO_SON_DATOS = {"ejecucion", "registros", "secretos"}  # lo que `make run` y `make up` dejan en datos/


def sacar(carpeta: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".copia-", dir=carpeta) as aparte, ExitStack() as abiertas:
        destino = Path(aparte)
        for nombre, lectura in _instante(carpeta, destino, abiertas).items():
            with closing(sqlite3.connect(destino / nombre)) as copia:
                lectura.backup(copia, pages=2000)
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
            for ruta in sorted(destino.iterdir()):
                tar.add(ruta, ruta.name)


def _instante(carpeta: Path, destino: Path, abiertas: ExitStack) -> dict[str, sqlite3.Connection]:
    """Enlaza los ficheros y devuelve, por base, una conexión que la ve como estaba en este momento."""
    bases = sorted(carpeta.glob("*.sqlite"))
    turnos = [sqlite3.connect(base, timeout=ESPERA, isolation_level=None) for base in bases]
    lecturas = {base.name: sqlite3.connect(base, isolation_level=None) for base in bases}
    for conexion in (*turnos, *lecturas.values()):
        abiertas.callback(conexion.close)
    for turno in turnos:
        turno.execute("BEGIN IMMEDIATE")
    _enlazar(carpeta, destino)
    for lectura in lecturas.values():
        lectura.execute("BEGIN")
        lectura.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for turno in turnos:
        turno.execute("ROLLBACK")
    return lecturas


def _enlazar(carpeta: Path, destino: Path) -> None:
    for ruta in carpeta.iterdir():
        if ruta.name.startswith(".copia-") or ruta.name in NO_SON_DATOS:
            continue
        if ruta.is_dir():
            (destino / ruta.name).mkdir()
            _enlazar(ruta, destino / ruta.name)
        elif ruta.suffix != ".sqlite" and not ruta.name.endswith(AUXILIARES):
            with suppress(FileNotFoundError):  # uno temporal, que ya tiene su nombre definitivo
                os.link(ruta, destino / ruta.name)


def meter(carpeta: Path) -> None:
    """Con los servicios parados. Lo que había desaparece cuando lo nuevo está entero."""
    nuevo = Path(tempfile.mkdtemp(prefix=".copia-", dir=carpeta))
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as tar:
        tar.extractall(nuevo, filter="data")
    for ruta in carpeta.iterdir():
        if ruta != nuevo and ruta.name not in NO_SON_DATOS:
            shutil.rmtree(ruta) if ruta.is_dir() else ruta.unlink()
    for ruta in nuevo.iterdir():
        ruta.rename(carpeta / ruta.name)
    nuevo.rmdir()


if __name__ == "__main__":
    {"sacar": sacar, "meter": meter}[sys.argv[1]](Path(sys.argv[2]))
