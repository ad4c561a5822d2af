"""Qué servicios hay que volver a probar según lo que ha cambiado: `make matriz BASE=<commit>`.

Escribe una lista JSON de carpetas de servicio (la matriz de GitHub). Lo que no sabe de quién es, es de todos: un
fichero nuevo en la raíz prueba de más, nunca de menos.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

RAIZ = Path(__file__).resolve().parents[2]
SERVICIOS = {
    fichero.parent.name: str(fichero.parent.relative_to(RAIZ))
    for carpeta in ("services", "gateway")
    for fichero in sorted((RAIZ / carpeta).glob("*/pyproject.toml"))
}
# Lo que otros leen además de sus dueños: una prueba comprueba que no falta ninguno.
TAMBIEN = {
    "services/tuotempo-simulado": ["tuotempo-leads-service"],
    "contracts": ["portal"],
    "deploy/oracle": ["espacio-clientes-api"],
}
# Lo que ningún servicio usa: lo prueban los trabajos que se ejecutan siempre.
DE_NADIE = (".github", "contracts", "deploy", "docs")


def afectados(rutas: Iterable[str]) -> list[str]:
    """Las carpetas de los servicios que estas rutas pueden romper, ordenadas."""
    hallados: set[str] = set()
    for ruta in rutas:
        hallados |= _de_una(PurePosixPath(ruta))
    return sorted(hallados)


def _de_una(ruta: PurePosixPath) -> set[str]:
    duenos = {nombre for nombre, carpeta in SERVICIOS.items() if ruta.is_relative_to(carpeta)}
    if "chasis" in duenos:
        return set(SERVICIOS)
    for carpeta, lectores in TAMBIEN.items():
        if ruta.is_relative_to(carpeta):
            duenos.update(lectores)
    return duenos if duenos or _de_nadie(ruta) else set(SERVICIOS)


def _de_nadie(ruta: PurePosixPath) -> bool:
    """También los README de la raíz y las pruebas de conjunto (tests/e2e/…); tests/pila.py y los demás, no."""
    return (
        any(map(ruta.is_relative_to, DE_NADIE))
        or (len(ruta.parts) == 1 and ruta.suffix == ".md")
        or (ruta.parts[0] == "tests" and len(ruta.parts) > 2)
    )


def cambiadas(base: str) -> list[str] | None:
    """Las rutas que cambian desde `base`; nada si ese commit no está (una rama nueva, una historia rehecha)."""
    orden = ["git", "diff", "--name-only", "--no-renames", "-z", "--end-of-options", f"{base}...HEAD"]
    salida = subprocess.run(orden, cwd=RAIZ, capture_output=True, text=True, check=False)
    return salida.stdout.split("\0")[:-1] if salida.returncode == 0 else None


def main() -> None:
    rutas = cambiadas(os.environ.get("BASE") or "origin/main")
    matriz = json.dumps(sorted(SERVICIOS) if rutas is None else afectados(rutas))
    print(matriz)
    if destino := os.environ.get("GITHUB_OUTPUT"):
        with Path(destino).open("a", encoding="utf-8") as salida:
            salida.write(f"servicios={matriz}\n")


if __name__ == "__main__":
    main()
