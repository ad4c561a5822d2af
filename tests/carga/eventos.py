"""`make carga s=eventos`: lo que cuestan los eventos, en razones frente a una referencia medida en la misma sesión.

1. Relay frente a `send_async` desnudo, con el mismo mensaje y el mismo broker (necesita Docker).
2. Una escritura con su evento frente a la misma sin él.
3. Milisegundos desde que se confirma una escritura hasta que otro proceso la ha aplicado, sin broker.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pulsar as cliente_pulsar
import sqlalchemy as sa

RAIZ = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RAIZ))
os.environ["PRUEBAS_DE_INTEGRACION"] = "1"

from chasis.bd import BaseDeDatos  # noqa: E402
from chasis.eventos import Eventos, sobre  # noqa: E402
from chasis.eventos.outbox import Outbox  # noqa: E402
from chasis.eventos.pulsar import _PRODUCTOR, Acceso, TransportePulsar  # noqa: E402
from chasis.eventos.relay import Mando, Relay  # noqa: E402
from chasis.eventos.tablas import OUTBOX  # noqa: E402
from tests import contenedores  # noqa: E402
from tests.eventos import piezas  # noqa: E402
from tests.eventos.montaje import Montaje  # noqa: E402
from tests.pila import esperar  # noqa: E402

MENSAJES, RONDAS, ESCRITURAS, ENTREGAS = 20_000, 3, 1500, 200


def main() -> None:
    with tempfile.TemporaryDirectory() as carpeta:
        entrega(Path(carpeta))
        escritura(BaseDeDatos(f"sqlite+pysqlite:///{carpeta}/escritura.sqlite"), "SQLite")
        with contenedores.postgres() as servidor:
            escritura(BaseDeDatos(contenedores.base_nueva(servidor, "escritura")), "PostgreSQL")
            with contenedores.pulsar() as (broker, _):
                relay(BaseDeDatos(contenedores.base_nueva(servidor, "relay")), broker)


def relay(bd: BaseDeDatos, broker: str) -> None:
    piezas.preparar(bd.url.render_as_string(hide_password=False))
    transporte = TransportePulsar(Acceso(broker), "public/default", {})
    _, cuerpo = sobre.escribir("emisor", "medida", piezas.CuentaSumada(1), "1", 1)
    mando = Mando(bd)
    reparto = Relay(bd, mando, transporte, "pulsar")
    llenar(bd, 500, cuerpo)
    _vaciar(reparto)  # conecta y crea el tema
    razones, ritmos = [], []
    for _ in range(RONDAS):
        desnudo = MENSAJES / _segundos(lambda: _enviar(transporte, cuerpo))
        llenar(bd, MENSAJES, cuerpo)
        con_relay = MENSAJES / _segundos(lambda: _vaciar(reparto))
        razones.append(con_relay / desnudo)
        ritmos.append(con_relay)
    print(
        f"relay frente a send_async: {statistics.median(razones):.2f} ({min(razones):.2f}–{max(razones):.2f}), "
        f"{statistics.median(ritmos):.0f} eventos/s"
    )
    transporte.cerrar()


def llenar(bd: BaseDeDatos, cuantos: int, cuerpo: bytes) -> None:
    filas = [
        {"destino": "pulsar", "tema": "medida", "clave": str(n % 64), "cuerpo": cuerpo, "creado": 0.0}
        for n in range(cuantos)
    ]
    with bd.escritura() as conexion:
        conexion.execute(OUTBOX.insert(), filas)


def _vaciar(reparto: Relay) -> None:
    while reparto.repartir():
        pass


def _enviar(transporte: TransportePulsar, cuerpo: bytes) -> None:
    """Lo mismo que hace el relay con el broker, sin base de datos: tandas de 500 y una confirmación por mensaje."""
    productor = transporte._cliente.create_producer(transporte._direccion("desnuda"), **_PRODUCTOR)
    confirmados: list[int] = []
    for n in range(MENSAJES):
        productor.send_async(cuerpo, lambda r, _: confirmados.append(r), partition_key=str(n % 64))
        if n % 500 == 499:
            productor.flush()
    productor.flush()
    productor.close()
    assert confirmados.count(cliente_pulsar.Result.Ok) == MENSAJES


def escritura(bd: BaseDeDatos, motor: str) -> None:
    """p50 de una escritura con evento y sin él, alternadas."""
    piezas.preparar(bd.url.render_as_string(hide_password=False))
    bd.con_outbox(Outbox("emisor", {"cuentas": ("receptor",)}, ""), lambda: None)

    def sin_evento() -> None:
        with bd.escritura() as conexion:
            suya = piezas.cuentas.c.clave == "1"
            conexion.execute(piezas.cuentas.update().where(suya).values(suma=piezas.cuentas.c.suma + 1))
            conexion.execute(sa.select(piezas.cuentas.c.suma).where(suya)).scalar_one()

    medidas: tuple[list[float], list[float]] = ([], [])
    for _ in range(ESCRITURAS):
        medidas[0].append(_segundos(sin_evento))
        medidas[1].append(_segundos(lambda: piezas.sumar(bd, "1")))
    sin_el, con_el = (statistics.median(lado) * 1000 for lado in medidas)
    print(f"escritura con evento, {motor}: {con_el / sin_el:.2f} × ({sin_el:.2f} → {con_el:.2f} ms, p50)")
    bd.cerrar()


def entrega(carpeta: Path) -> None:
    montaje = Montaje(
        carpeta, *(f"sqlite+pysqlite:///{carpeta}/{lado}.sqlite" for lado in ("emisor", "receptor"))
    )
    montaje.lanzar("aplicar")
    eventos: Eventos = montaje.conectar_emisor()
    eventos.lanzar(threading.Event())
    time.sleep(5)
    for _ in range(ENTREGAS):
        piezas.sumar(montaje.bases["emisor"], "1")
        time.sleep(0.05)
    esperar(lambda: montaje.aplicadas() == ENTREGAS, 60)
    lineas = (carpeta / "aplicar.log").read_text("utf-8").splitlines()
    demoras = [json.loads(linea)["demora_ms"] for linea in lineas if '"event":"evento"' in linea]
    cortes = statistics.quantiles(demoras, n=100)
    print(f"de confirmar a aplicar, SQLite y HTTP: p50 {cortes[49]:.0f} ms, p99 {cortes[98]:.0f} ms")
    montaje.detener()


def _segundos(hacer: Callable[[], object]) -> float:
    inicio = time.perf_counter()
    hacer()
    return time.perf_counter() - inicio


if __name__ == "__main__":
    main()
