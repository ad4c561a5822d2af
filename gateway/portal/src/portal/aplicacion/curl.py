"""La orden de `curl` que hace lo mismo que una prueba; `estaticos/pruebas.js` la rehace al editar el cuerpo."""

from __future__ import annotations

import json

from portal.servicios import Prueba, Servicio


def orden(servicio: Servicio, prueba: Prueba, origen: str) -> str:
    """`origen` es por donde entró quien mira (`http://localhost:8080`): la orden sirve tal cual."""
    url = f"{origen}{servicio.prefijo}{prueba.ruta}"
    if prueba.cuerpo is None:
        return f"curl -i {_entre_comillas(url)}"
    partes = [
        f"curl -i -X {prueba.metodo} {_entre_comillas(url)}",
        "-H 'Content-Type: application/json'",
        f"--data-raw {_entre_comillas(cuerpo(prueba))}",
    ]
    return " \\\n  ".join(partes)


def cuerpo(prueba: Prueba) -> str:
    """El cuerpo de la prueba, listo para leerlo y editarlo."""
    return json.dumps(prueba.cuerpo, ensure_ascii=False, indent=2)


def _entre_comillas(texto: str) -> str:
    return "'" + texto.replace("'", "'\\''") + "'"
