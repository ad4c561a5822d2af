"""El estado final, leído de donde está guardado (bases y ficheros) y no por medio de los servicios."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa

Fila = Any


@dataclass(frozen=True)
class Estado:
    """`bases` es la dirección de cada una, por servicio; `documentos`, la carpeta del almacén."""

    bases: Mapping[str, str]
    documentos: Path

    def filas(self, servicio: str, consulta: str) -> list[Fila]:
        motor = sa.create_engine(self.bases[servicio], poolclass=sa.NullPool)
        with motor.connect() as conexion:
            return list(conexion.execute(sa.text(consulta)))

    def uno(self, servicio: str, consulta: str) -> Any:
        return self.filas(servicio, consulta)[0][0]

    def integridad(self) -> Iterable[str]:
        """Lo que SQLite encuentra roto en sus propios ficheros."""
        for servicio, url in self.bases.items():
            if url.startswith("sqlite"):
                yield from (
                    f"{servicio}: {t}" for (t,) in self.filas(servicio, "PRAGMA integrity_check") if t != "ok"
                )

    def fichas(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Los documentos del almacén por su nombre, y los ficheros que no son un documento entero."""
        sanas, rotas = {}, []
        for fichero in self.documentos.glob("*.json"):
            try:
                sanas[unquote(fichero.stem)] = json.loads(fichero.read_bytes())
            except ValueError:
                rotas.append(fichero.name)
        return sanas, rotas

    def emitidos(self, servicio: str) -> list[tuple[str, dict[str, Any]]]:
        """Destino y sobre de cada evento que nació en esa base, por orden."""
        filas = self.filas(servicio, "SELECT destino, cuerpo FROM caos_testigo")
        return [(destino, json.loads(bytes(cuerpo))) for destino, cuerpo in filas]


def huella(texto: str) -> str:
    return hashlib.sha256(texto.encode()).hexdigest()
