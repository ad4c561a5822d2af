"""docker-compose.yml leído para otro orquestador: sin lo que solo entiende compose y con lo de `gestionadas.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RAIZ = Path(__file__).resolve().parents[2]
DE_FONDO = "-trabajador"
_GESTIONADAS = Path(__file__).with_name("gestionadas.yml")
_VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])([^}]*))?\}")


@dataclass(frozen=True)
class Pieza:
    """Un contenedor de la plataforma: lo que dice compose de él, en los mismos términos."""

    nombre: str
    imagen: str
    orden: list[str]
    entorno: dict[str, str]
    secretos: list[dict[str, str]]
    volumenes: list[str]
    memoria: str

    @property
    def servicio(self) -> str:
        """De quién es: el de la web y el de su trabajador coinciden."""
        return self.nombre.removesuffix(DE_FONDO)

    @property
    def de_fondo(self) -> bool:
        return self.nombre.endswith(DE_FONDO)


def piezas() -> list[Pieza]:
    """Todo lo que se despliega, en el orden de docker-compose.yml."""
    compose = yaml.safe_load((RAIZ / "docker-compose.yml").read_text("utf-8"))["services"]
    otro = yaml.safe_load(_GESTIONADAS.read_text("utf-8"))
    return [
        _pieza(nombre, dicho, otro["entorno"], otro["servicios"].get(nombre.removesuffix(DE_FONDO), {}))
        for nombre, dicho in compose.items()
        if nombre not in otro["fuera"]
    ]


def _pieza(nombre: str, dicho: dict[str, Any], de_todos: dict[str, str], suyo: dict[str, Any]) -> Pieza:
    propio = dicho["environment"]
    comun = {clave: valor for clave, valor in de_todos.items() if clave in propio or "HOST" in propio}
    return Pieza(
        nombre,
        dicho["image"],
        suyo.get("command") or dicho.get("command", []),
        {**propio, **comun, **suyo.get("environment", {})},
        [dict(secreto) for secreto in (*dicho.get("secrets", []), *suyo.get("secrets", []))],
        list(suyo.get("volumes", dicho.get("volumes", []))),
        dicho.get("deploy", {}).get("resources", {}).get("limits", {}).get("memory", "256M"),
    )


def valor(texto: str) -> str:
    """El de una variable de compose cuando nadie la ha puesto; si es obligatoria, ninguno."""
    return _VARIABLE.sub(lambda v: (v[3] or "") if v[2] == "-" else "", texto)
