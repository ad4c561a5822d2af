"""Un disco pequeño para los datos, que se puede llenar: un tmpfs propio."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Self

MEGAS = 768  # lo que ocupan media hora de datos y de registros, con holgura
_TROZO = b"\0" * (256 * 1024)


class Disco:
    """Con `with`: `carpeta` es un sistema de ficheros aparte y, si no se ha podido montar, una carpeta normal.

    Montar pide ser root, o `sudo` sin contraseña. `motivo` dice por qué no se pudo.
    """

    def __init__(self, carpeta: Path) -> None:
        self.carpeta, self.motivo = carpeta, ""
        self._relleno = carpeta / "relleno"
        self._como_root = [] if os.geteuid() == 0 else ["sudo", "-n"]

    def __enter__(self) -> Self:
        self.carpeta.mkdir(parents=True)
        opciones = f"size={MEGAS}m,mode=0700,uid={os.getuid()},gid={os.getgid()}"
        self.motivo = self._root("mount", "-t", "tmpfs", "-o", opciones, "caos", str(self.carpeta))
        return self

    def __exit__(self, *_: object) -> None:
        if not self.motivo:
            self._root("umount", "--lazy", str(self.carpeta))
        shutil.rmtree(self.carpeta, ignore_errors=True)

    def llenar(self) -> None:
        """Hasta el último byte: cada trozo que ya no cabe se intenta más pequeño."""
        trozo = _TROZO
        with self._relleno.open("ab", 0) as fichero:
            while trozo:
                try:
                    fichero.write(trozo)
                except OSError:
                    trozo = trozo[: len(trozo) // 2]

    def vaciar(self) -> None:
        with suppress(FileNotFoundError):
            self._relleno.unlink()

    def _root(self, *orden: str) -> str:
        """Nada si salió bien; si no, lo que dijo."""
        if self._como_root and not shutil.which(self._como_root[0]):
            return "hace falta ser root"
        hecho = subprocess.run([*self._como_root, *orden], capture_output=True, text=True, check=False)
        return "" if hecho.returncode == 0 else hecho.stderr.strip() or f"{orden[0]} no ha podido"
