"""La hora de todos los procesos, que se puede mover mientras trabajan (`hora.c`).

Solo se mueve la hora de pared. El reloj monótono, con el que se miden los plazos, no cambia al poner un reloj en
hora.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_FUENTE = Path(__file__).with_name("hora.c")


class Reloj:
    """`motivo` dice por qué no se puede mover la hora aquí; vacío si se puede."""

    def __init__(self, carpeta: Path) -> None:
        self._segundos, self._biblioteca = carpeta / "hora", carpeta / "hora.so"
        self.mover(0)
        self.motivo = self._compilar()

    @property
    def entorno(self) -> dict[str, str]:
        """Lo que han de recibir los procesos para ver la hora movida."""
        if self.motivo:
            return {}
        return {"LD_PRELOAD": str(self._biblioteca), "CAOS_HORA": str(self._segundos)}

    def mover(self, segundos: int) -> None:
        """La hora pasa a ser la de verdad más `segundos` (o menos, si es negativo), ya y para todos."""
        self._segundos.touch()
        with self._segundos.open("r+b", 0) as fichero:  # sin truncar: los procesos lo tienen en memoria
            fichero.write(segundos.to_bytes(8, "little", signed=True))

    def _compilar(self) -> str:
        if not shutil.which("cc"):
            return "falta un compilador de C (cc)"
        orden = ["cc", "-shared", "-fPIC", "-O2", "-o", str(self._biblioteca), str(_FUENTE), "-ldl"]
        hecho = subprocess.run(orden, capture_output=True, text=True, check=False)
        return "" if hecho.returncode == 0 else f"no se pudo compilar hora.c: {hecho.stderr.strip()[:200]}"
