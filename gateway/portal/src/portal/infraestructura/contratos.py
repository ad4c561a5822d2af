"""Los ficheros de `contracts/`: el documento AsyncAPI y el esquema de cada suceso."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml


@dataclass(frozen=True)
class Contratos:
    """El documento AsyncAPI y los esquemas, por el nombre de su contrato (`ClienteGuardado.v1`)."""

    asyncapi: dict[str, Any]
    esquemas: dict[str, dict[str, Any]]


def leer(carpeta: Path) -> Contratos:
    """Lanza `OSError` si la carpeta o el documento no están, y `ValueError` o `YAMLError` si no se entienden."""
    asyncapi = yaml.safe_load((carpeta / "asyncapi.yaml").read_text("utf-8"))
    esquemas = {ruta.stem: orjson.loads(ruta.read_bytes()) for ruta in (carpeta / "eventos").glob("*.json")}
    return Contratos(asyncapi, esquemas)
