"""Lee una hoja en un proceso aparte y deja sus filas, ya comprobadas, en una carpeta de trabajo.

Un fichero hostil agota los límites de ese proceso y no los del servicio; y comprobar cien mil filas no le quita el
turno a quien está atendiendo peticiones.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from tuotempo_leads.dominio.cabeceras import COLUMNA
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido, ilegible

PLAZO = 300  # segundos para leer y comprobar el fichero entero
_LATIDO = 0.5  # segundos que se espera una noticia antes de preguntar si hay que seguir
_DESDE_JSON: dict[str, Callable[[str], Any]] = {
    "fecha": date.fromisoformat,
    "momento": datetime.fromisoformat,
}
_FIN = b""
_LECTOR = "tuotempo_leads.infraestructura.hojas.lector"


@dataclass
class Lectura:
    """Lo leído: cuántas filas con datos había, qué columnas se entendieron y dónde están las filas."""

    carpeta: Path
    columnas: list[str] = field(default_factory=list)
    titulos: list[str] = field(default_factory=list)
    ignoradas: list[str] = field(default_factory=list)
    total: int = 0

    def anotar(self, mensaje: dict[str, Any]) -> None:
        """Lo que cuenta el lector: primero las columnas y, al acabar, cuántas filas eran."""
        self.columnas = mensaje.get("columnas", self.columnas)
        self.titulos = mensaje.get("titulos", self.titulos)
        self.ignoradas = mensaje.get("ignoradas", self.ignoradas)
        self.total = mensaje.get("fin", self.total)

    def buenas(self) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        """Tandas de (número de fila, lead), en el orden de la hoja."""
        conversores = [
            (nombre, _DESDE_JSON[COLUMNA[nombre].tipo])
            for nombre in self.columnas
            if COLUMNA[nombre].tipo in _DESDE_JSON
        ]
        with (self.carpeta / "buenas.jsonl").open("rb") as fichero:
            for linea in fichero:
                tanda = orjson.loads(linea)
                for _, lead in tanda:
                    for nombre, convertir in conversores:
                        lead[nombre] = lead[nombre] and convertir(lead[nombre])
                yield tanda

    def malas(self) -> Iterator[dict[str, Any]]:
        """Filas rechazadas: `fila`, `fallos` (columna, valor, motivo), `celdas` y `telefono` normalizado."""
        with (self.carpeta / "malas.jsonl").open("rb") as fichero:
            yield from map(orjson.loads, fichero)


def leer(
    ruta: Path,
    nombre: str,
    carpeta: Path,
    zona: str,
    latido: Callable[[int, int | None], None],
    *,
    campos: str | None = None,
) -> Lectura:
    """Lee `ruta` entera, con sus horas en `zona`; `latido(procesadas, total)` se llama a menudo; puede lanzar.

    `campos` es el JSON de las columnas elegidas a mano. Lanza `FicheroInvalido` si no se puede importar.
    """
    lectura, procesadas, total = Lectura(carpeta), 0, None
    orden = [sys.executable, "-m", _LECTOR, str(ruta), nombre, str(carpeta), zona, campos or "null"]
    limite = time.monotonic() + PLAZO
    with subprocess.Popen(  # noqa: S603 — es este mismo Python, y la orden no pasa por un intérprete
        orden, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as hijo:
        try:
            for mensaje in _mensajes(hijo, limite):
                if "error" in mensaje:
                    raise FicheroInvalido(mensaje["error"])
                lectura.anotar(mensaje)
                procesadas, total = mensaje.get("procesadas", procesadas), mensaje.get("total", total)
                latido(procesadas, total)
        finally:
            hijo.kill()
    if not lectura.total:
        raise ilegible(nombre)
    latido(lectura.total, lectura.total)
    return lectura


def _mensajes(hijo: subprocess.Popen[bytes], limite: float) -> Iterator[dict[str, Any]]:
    """Lo que cuenta el hijo; un mensaje vacío cada `_LATIDO` segundos si calla. Acaba con él, o con el plazo."""
    assert hijo.stdout is not None  # noqa: S101 — se pidió con PIPE
    lineas: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_escuchar, args=(hijo.stdout, lineas), daemon=True).start()
    while time.monotonic() < limite:
        try:
            linea = lineas.get(timeout=_LATIDO)
        except queue.Empty:
            yield {}
            continue
        if linea == _FIN:
            return
        yield orjson.loads(linea)


def _escuchar(salida: IO[bytes], lineas: queue.Queue[bytes]) -> None:
    for linea in salida:
        lineas.put(linea)
    lineas.put(_FIN)
