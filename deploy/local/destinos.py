"""Quién recibe los eventos de cada tema en esta máquina, según `contracts/suscripciones.json`."""

from __future__ import annotations

import json

from procesos import RAIZ, SERVICIOS


def destinos_de_eventos() -> str:
    """Valor de `EVENTOS_DESTINOS`; un servicio que consume pero no está aquí no se espera."""
    direcciones = {proceso.nombre: proceso.url for proceso in SERVICIOS}
    tabla = json.loads((RAIZ / "contracts/suscripciones.json").read_text("utf-8"))
    pares = ((tema, servicio) for tema, servicios in tabla.items() for servicio in servicios)
    return ",".join(f"{t}={s}@{direcciones[s]}" for t, s in pares if s in direcciones)
