"""`python -m espacio_clientes.semillas`: usuarios, clientes y deudas ficticios. Repetirlo no cambia nada.

Las claves salen de `ESPACIO_DEMO_PASSWORD_<USUARIO>` o se inventan y se enseñan una sola vez.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from espacio_clientes.aplicacion.acceso import ARGON2
from espacio_clientes.arranque import reunir
from espacio_clientes.config.settings import Ajustes
from espacio_clientes.infraestructura import accesos, altas

CLIENTES = {"30111222": "Lucía Ferrer", "30333444": "Mateo Ibáñez"}
USUARIOS: tuple[tuple[str, str, str | None], ...] = (
    ("cliente", "cliente", "30111222"),
    ("cliente2", "cliente", "30333444"),
    ("operador", "operador", None),
)
# documento, moneda, código, descripción, IMPO_MAXI, IMPO_TOTA, vencimiento, observación y cuota
_DEUDAS = (
    ("30111222", 1, "123", "Cuota de Préstamo", "100.00", "75.50", "2025-08-01", "Pago mensual", 1),
    ("30111222", 1, "124", "Cuota de Préstamo", "100.00", "100.00", "2025-09-01", "Pago mensual", 2),
    ("30111222", 1, "125", "Cuota de Préstamo", "100.00", "100.00", "2025-10-01", "Pago mensual", 3),
    ("30111222", 1, "201", "Tarjeta de Crédito", "1250.75", "320.10", "2025-08-15", "Pago mínimo", 1),
    ("30111222", 1, "301", "Seguro del Hogar", "45.33", "45.33", "2025-08-20", None, 1),
    ("30111222", 1, "302", "Mantenimiento de Cuenta", "12.10", "12.10", "2025-08-31", None, 1),
    ("30111222", 2, "401", "Cuota de Préstamo en Dólares", "80.00", "80.00", "2025-08-05", "Pago mensual", 1),
    ("30111222", 2, "402", "Cuota de Préstamo en Dólares", "80.00", "80.00", "2025-09-05", "Pago mensual", 2),
    ("30333444", 1, "501", "Cuota de Vehículo", "410.00", "410.00", "2025-08-10", None, 7),
    ("30333444", 1, "502", "Cuota de Vehículo", "410.00", "410.00", "2025-09-10", None, 8),
    ("30333444", 1, "601", "Tarjeta de Crédito", "980.40", "150.00", "2025-08-22", "Pago mínimo", 1),
)


def main() -> None:
    piezas = reunir(Ajustes.cargar())
    with piezas.bd.escritura() as conexion:
        for quien, nombre in CLIENTES.items():
            altas.alta_de_cliente(conexion, quien, nombre)
        nuevas = altas.alta_de_deudas(conexion, list(deudas()))
        for usuario, rol, documento in USUARIOS:
            print(_sembrar_usuario(conexion, usuario, rol, documento))  # noqa: T201
    print(f"{nuevas} deudas nuevas de {len(_DEUDAS)}.")  # noqa: T201


def deudas() -> Iterator[dict[str, Any]]:
    for documento, moneda, codigo, descripcion, maximo, total, vence, observacion, cuota in _DEUDAS:
        yield {
            "documento": documento, "moneda": moneda, "codmovimiento": codigo, "descripcion": descripcion,
            "impo_maxi": Decimal(maximo), "impo_tota": Decimal(total), "fech_venc": date.fromisoformat(vence),
            "observacion": observacion, "seq_di": cuota,
        }  # fmt: skip


def _sembrar_usuario(conexion: Connection, usuario: str, rol: str, documento: str | None) -> str:
    elegida = os.environ.get(f"ESPACIO_DEMO_PASSWORD_{usuario.upper()}")
    if altas.usuario_conocido(conexion, usuario):
        if elegida:
            accesos.cambiar_clave(conexion, usuario, ARGON2.hash(elegida))
        return f"{usuario:<9} ya estaba"
    clave = elegida or secrets.token_urlsafe(12)
    altas.alta_de_usuario(conexion, usuario, ARGON2.hash(clave), rol, documento)
    return f"{usuario:<9} contraseña: {'la del entorno' if elegida else clave}"


if __name__ == "__main__":
    main()
