"""Lee de un README los ejemplos ejecutables: una orden `curl`, su estado y su respuesta, en orden de aparición.

```bash
curl http://127.0.0.1:5000/health
```

Respuesta `200`:

```json
{"status": "healthy"}
```
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

_EJEMPLO = re.compile(
    r"^```(?:bash|powershell)\n(?P<orden>curl .*?)\n```\n"
    r"(?:\s*Respuesta `(?P<estado>\d{3})`[^\n]*\n\s*```json\n(?P<cuerpo>.*?)\n```)?",
    re.MULTILINE | re.DOTALL,
)
_FORMAS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "AAAA-MM-DDTHH:MM:SSZ"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"), "AAAA-MM-DDTHH:MM:SS"),
    (re.compile(r"\d{4}-\d\d-\d\d|YYYY-MM-DD"), "AAAA-MM-DD"),
)


@dataclass(frozen=True)
class Ejemplo:
    linea: int
    orden: str
    estado: int | None
    cuerpo: Any

    def ejecutar(self, sustituciones: dict[str, str]) -> tuple[int, Any]:
        """Ejecuta la orden tal cual, cambiando solo las direcciones, y devuelve estado y cuerpo."""
        orden = self.orden
        for original, cambiada in sustituciones.items():
            orden = orden.replace(original, cambiada)
        salida = subprocess.run(
            ["bash", "-c", f"{orden} -sS -w '\\n%{{http_code}}'"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
        cuerpo, _, estado = salida.rpartition("\n")
        return int(estado), json.loads(cuerpo)


def de(readme: Path) -> Iterator[Ejemplo]:
    texto = readme.read_text("utf-8")
    for hallado in _EJEMPLO.finditer(texto):
        yield Ejemplo(
            linea=texto.count("\n", 0, hallado.start()) + 1,
            orden=hallado["orden"],
            estado=int(hallado["estado"]) if hallado["estado"] else None,
            cuerpo=json.loads(hallado["cuerpo"]) if hallado["cuerpo"] else None,
        )


def capturar(esperado: Any, real: Any, nombres: dict[str, str]) -> Any:
    """Lo esperado con cada `{nombre}` cambiado por su valor, que se apunta en `nombres` la primera vez."""
    if isinstance(esperado, dict) and isinstance(real, dict):
        return {clave: capturar(valor, real.get(clave), nombres) for clave, valor in esperado.items()}
    if isinstance(esperado, list) and isinstance(real, list):
        return [capturar(*par, nombres) for par in zip_longest(esperado, real)]
    if isinstance(esperado, str) and re.fullmatch(r"\{\w+\}", esperado):
        return nombres.setdefault(esperado, str(real))
    return esperado


def con_formas(valor: Any) -> Any:
    """Cambia cada fecha por su forma: lo único de una respuesta que no puede ser idéntico al README."""
    if isinstance(valor, dict):
        return {clave: con_formas(v) for clave, v in valor.items()}
    if isinstance(valor, list):
        return [con_formas(v) for v in valor]
    if isinstance(valor, str):
        return next((forma for patron, forma in _FORMAS if patron.fullmatch(valor)), valor)
    return valor
