"""Lo que los servicios dieron por hecho, apuntado en disco en cuanto lo dijeron, y lo que contestaron a lo demás."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


class Diario:
    """`anotar` añade una línea por escritura confirmada; `leer` las devuelve, sin nada que venga de la memoria."""

    def __init__(self, ruta: Path, flujos: Iterable[str]) -> None:
        self.ruta = ruta
        self._fichero = ruta.open("a", encoding="utf-8")
        self._cerrojo = threading.Lock()
        self.confirmadas: Counter[str] = Counter()
        self.fallos: Counter[tuple[str, str]] = Counter()
        self.sin_texto: Counter[str] = Counter()
        """Respuestas de error sin un texto para quien llama."""
        self.inesperadas: list[str] = []
        """Respuestas que un cliente correcto no debería recibir nunca."""
        self._ultima = dict.fromkeys(flujos, 0.0)

    def anotar(self, flujo: str, hecho: str, empezo: float, **datos: Any) -> None:
        linea = json.dumps({"flujo": flujo, "hecho": hecho, **datos}, ensure_ascii=False)
        with self._cerrojo:
            self._fichero.write(linea + "\n")
            self._fichero.flush()
            self.confirmadas[flujo] += 1
            self._ultima[flujo] = max(empezo, self._ultima[flujo])

    def fallo(self, flujo: str, motivo: str, *, sin_texto: bool = False) -> None:
        with self._cerrojo:
            self.fallos[flujo, motivo] += 1
            self.sin_texto[f"{flujo} {motivo}"] += sin_texto

    def inesperada(self, texto: str) -> None:
        with self._cerrojo:
            self.inesperadas.append(texto)

    def atrasados(self, desde: float) -> list[str]:
        """Los flujos que no han confirmado nada empezado después de `desde` (reloj monótono)."""
        with self._cerrojo:
            return [flujo for flujo, cuando in self._ultima.items() if cuando < desde]

    def cerrar(self) -> None:
        self._fichero.close()


def leer(ruta: Path) -> Iterator[dict[str, Any]]:
    with ruta.open(encoding="utf-8") as fichero:
        yield from map(json.loads, fichero)


def ahora() -> float:
    return time.monotonic()
