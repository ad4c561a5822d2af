"""Recuerda en cada PR que alguien tiene que revisarlo, y qué mirar según lo que toca: `make recordatorio`."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from deploy.ci import github
from deploy.ci.cambios import afectados

INTRODUCCION = """### Recordatorio de revisión

Este cambio necesita la aprobación de otra persona antes de unirse a `main`."""
# Parte de la ruta → lo que no se ve en un diff y hay que preguntarse.
ATENCION = {
    "contracts": "Cambia un **contrato**: otros lo leen. ¿Solo añade? (`make contratos-compatibles`)",
    "migraciones": "Trae una **migración**: ¿funciona con el código anterior todavía en marcha?",
    "espacio-clientes-api": "Toca **dinero**: ¿qué pasa si se repite, o si se cae a la mitad?",
    "requirements.lock": "Cambian **dependencias**: ¿se mantienen? ¿pasa `make auditoria`?",
    "deploy": "Toca el **despliegue**: ¿se puede volver atrás?",
    ".github": "Toca la **integración continua**: ¿permisos mínimos, acciones fijadas por commit?",
}
SIEMPRE = "¿Hay una prueba que falle sin este cambio?"


def recordatorio(rutas: list[str]) -> str:
    """El texto del recordatorio, en Markdown, para un PR que cambia estas rutas."""
    servicios = ", ".join(f"`{nombre}`" for nombre in afectados(rutas)) or "ninguno"
    partes = {parte for ruta in rutas for parte in PurePosixPath(ruta).parts}
    puntos = [SIEMPRE, *(aviso for parte, aviso in ATENCION.items() if parte in partes)]
    lista = "\n".join(f"- [ ] {punto}" for punto in puntos)
    return f"{INTRODUCCION}\n\nServicios que puede afectar: {servicios}.\n\n{lista}\n"


def main() -> None:
    numero = github.suceso()["pull_request"]["number"]
    texto = recordatorio([fichero["filename"] for fichero in github.paginas(f"/pulls/{numero}/files")])
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as resumen:
        resumen.write(texto)
    try:
        github.comentar(numero, "recordatorio", texto)
    except github.SinPermiso:
        # Un PR de otro repositorio se lee sin permiso para escribir: queda el aviso y el resumen de la ejecución.
        print("::notice title=Revisión pendiente::Otra persona debe aprobar este cambio: mira el resumen.")


if __name__ == "__main__":
    main()
