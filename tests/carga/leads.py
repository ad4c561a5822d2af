"""`python tests/carga/leads.py`: anotar el resultado de una llamada, frente a lo mismo desnudo y con más contactos.

Debe ir a 0,7 o más de la referencia con 200 000 contactos, y costar lo mismo que con 1 000.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from golpe import Medida
from medir import CONEXIONES, comparar, en_marcha, referencia

POCOS, MUCHOS = 1_000, 200_000
# Los teléfonos acaban en el número, de 0 a 999: los mil primeros contactos.
MEDIDA = Medida(
    "anotar una llamada",
    "POST",
    "/api/actualizar_resultado",
    '{"telefono": "34600000000NUMERO", "codigoVolverLlamar": "buzon"}',
)


def main() -> int:
    servicio = "services/tuotempo-leads-service"
    with tempfile.TemporaryDirectory() as temporal:
        datos = Path(temporal)
        with (
            en_marcha(servicio, datos / "muchos") as con_muchos,
            en_marcha(servicio, datos / "pocos") as con_pocos,
            referencia(datos / "referencia", "referencia_leads") as desnuda,
        ):
            sembrar(datos / "muchos/leads.sqlite", MUCHOS)
            sembrar(datos / "pocos/leads.sqlite", POCOS)
            sembrar(datos / "referencia/referencia.sqlite", MUCHOS)
            for titulo, otra in (("referencia", desnuda), (f"con {POCOS} contactos", con_pocos)):
                print(f"\ncon {MUCHOS} contactos, frente a: {titulo}")
                print(f"{'':<24}{'conexiones':>11}{'servicio/s':>12}{'otra/s':>14}{'razón':>8}   (mín – máx)")
                for conexiones in CONEXIONES:
                    comparar((con_muchos.url, MEDIDA), (otra.url, MEDIDA), conexiones)
    return 0


def sembrar(base: Path, cuantos: int, desde: int = 0) -> None:
    momento = "2026-01-01 00:00:00.000000"
    filas = ((f"{n:09}", f"{n:09}", f"Contacto {n}", momento, momento) for n in range(desde, desde + cuantos))
    columnas = "telefono, telefono_norm, nombre, created_at, updated_at"
    with closing(sqlite3.connect(base, timeout=30)) as conexion, conexion:
        conexion.executemany(f"INSERT INTO leads ({columnas}) VALUES (?, ?, ?, ?, ?)", filas)


if __name__ == "__main__":
    sys.exit(main())
