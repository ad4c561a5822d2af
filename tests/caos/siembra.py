"""Lo que hace falta antes de empezar y no entra por ninguna API de escritura: contactos, deudores y un operador."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.caos.bases import insertar
from tests.pila import RAIZ

CLAVE = "clave-de-ejemplo-del-caos"
PARA_LLAMADAS = range(600_000_000, 600_000_400)
PARA_CITAS = range(600_000_400, 600_020_400)
_CON_FICHA = 2000  # de los que piden cita, los primeros son también contactos
DOCUMENTOS = [f"4{numero:07}" for numero in range(1500)]
_DEUDAS = 8


def sembrar(urls: Mapping[str, str], entorno: dict[str, str], azar: random.Random) -> None:
    _contactos(urls["leads"])
    orden = [sys.executable, "-m", "espacio_clientes.semillas"]
    con_clave = {**entorno, "ESPACIO_DEMO_PASSWORD_OPERADOR": CLAVE}
    carpeta = RAIZ / "services/espacio-clientes-api"
    subprocess.run(orden, cwd=carpeta, env=con_clave, check=True, stdout=subprocess.DEVNULL)
    insertar(urls["espacio"], "clientes", [{"documento": d, "nombre": f"Deudor {d}"} for d in DOCUMENTOS])
    insertar(urls["espacio"], "deudas", [_deuda(d, n, azar) for d in DOCUMENTOS for n in range(_DEUDAS)])


def _contactos(url: str) -> None:
    momento = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    con_ficha = PARA_CITAS[:_CON_FICHA]
    filas = [
        {
            "telefono": str(n),
            "telefono_norm": str(n),
            "nombre": f"Contacto {n}",
            "created_at": momento,
            "updated_at": momento,
        }
        for n in (*PARA_LLAMADAS, *con_ficha)
    ]
    insertar(url, "leads", filas)


def _deuda(documento: str, numero: int, azar: random.Random) -> dict[str, object]:
    importe = azar.randint(100, 99_999)  # céntimos, como los guarda SQLite
    return {
        "codmovimiento": f"{documento}-{numero}", "documento": documento, "moneda": 1, "descripcion": "Cuota",
        "impo_maxi": importe, "impo_tota": importe, "fech_venc": "2026-12-01", "observacion": None, "seq_di": numero,
    }  # fmt: skip
