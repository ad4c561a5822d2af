"""Base de datos de un servicio: un motor por proceso, transacciones cortas y comprobación de salud.

SQLite corre en WAL con `synchronous=FULL`; quien escribe toma el turno con `BEGIN IMMEDIATE` y, dentro del proceso,
con un cerrojo: así dieciséis escritores esperan en vez de recibir `database is locked`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url, text

from chasis import metricas

ESPERA_DE_CONEXION = 3  # segundos hasta dar por perdido un servidor que no contesta
ESPERA_DE_TURNO = 15  # segundos que un escritor de SQLite espera al que está escribiendo
_ARGUMENTOS: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": ESPERA_DE_TURNO, "check_same_thread": False},
    "postgresql": {"connect_timeout": ESPERA_DE_CONEXION},
    "mysql": {"connection_timeout": ESPERA_DE_CONEXION, "charset": "utf8mb4"},
}


class BaseDeDatos:
    """Da transacciones de lectura y de escritura; el motor nace en el primer uso, ya dentro del proceso final."""

    def __init__(self, url: str, *, conexiones: int = 8) -> None:
        self.url = make_url(url)
        self.conexiones = conexiones
        self.es_sqlite = self.url.get_backend_name() == "sqlite"
        self._turno: AbstractContextManager[Any] = threading.Lock() if self.es_sqlite else nullcontext()
        self._opciones: dict[str, Any] = {"escritura": True}
        self._al_emitir: Callable[[], None] = lambda: None
        base = self.url.get_backend_name()
        self._en_curso = metricas.transacciones.labels(base).track_inprogress
        metricas.conexiones.labels(base).set(conexiones)

    @cached_property
    def motor(self) -> Engine:
        opciones: dict[str, Any] = {
            "pool_size": self.conexiones,
            "max_overflow": 0,
            "pool_timeout": 5,
            "hide_parameters": True,
            "connect_args": _ARGUMENTOS.get(self.url.get_backend_name(), {}),
        }
        if self.es_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        else:
            opciones |= {"pool_pre_ping": True, "pool_recycle": 1800, "isolation_level": "READ COMMITTED"}
        motor = create_engine(self.url, **opciones)
        if self.es_sqlite:
            event.listen(motor, "connect", _preparar_sqlite)
            event.listen(motor, "begin", _abrir_sqlite)
        return motor

    @cached_property
    def _motor_de_escritura(self) -> Engine:
        return self.motor.execution_options(**self._opciones)

    def con_outbox(self, outbox: object, al_emitir: Callable[[], None]) -> None:
        """Las transacciones de escritura conocen la outbox; `al_emitir` corre tras confirmar una que publicó algo."""
        self._opciones["outbox"], self._al_emitir = outbox, al_emitir
        self.__dict__.pop("_motor_de_escritura", None)

    @contextmanager
    def escritura(self) -> Iterator[Connection]:
        """Transacción que se confirma al salir, o se deshace entera si algo falla."""
        with self._turno, self._en_curso(), self._motor_de_escritura.begin() as conexion:
            yield conexion
            publico = conexion.info.pop("hay_eventos", False)
        if publico:
            self._al_emitir()

    @contextmanager
    def lectura(self) -> Iterator[Connection]:
        """Nunca espera a quien escribe. En SQLite ve un solo instante; en los servidores, uno por sentencia."""
        with self._en_curso(), self.motor.connect() as conexion:
            yield conexion

    def comprobar(self) -> None:
        """Lanza la excepción del controlador si la base no contesta."""
        with self.lectura() as conexion:
            conexion.execute(text("SELECT 1"))

    def cerrar(self) -> None:
        self.motor.dispose()


def no_contesta(fallo: exc.SQLAlchemyError) -> bool:
    """Verdadero si la base está caída, llena o sin conexiones libres: repetir más tarde servirá."""
    if getattr(getattr(fallo, "orig", None), "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # SQLite llama también OperationalError a una consulta mal hecha
    perdida = isinstance(fallo, exc.DBAPIError) and fallo.connection_invalidated
    return perdida or isinstance(fallo, (exc.OperationalError, exc.InterfaceError, exc.TimeoutError))


def _preparar_sqlite(conexion: Any, _: Any) -> None:
    # Sin esto pysqlite abre transacciones por su cuenta y `BEGIN IMMEDIATE` no llegaría a tiempo.
    conexion.isolation_level = None
    _activar_wal(conexion)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        conexion.execute(f"PRAGMA {pragma}")


def _activar_wal(conexion: Any) -> None:
    # El modo queda escrito en el fichero. El primer cambio no respeta `timeout` si otro proceso lo hace a la vez.
    limite = time.monotonic() + ESPERA_DE_TURNO
    while conexion.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            conexion.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > limite:
                raise
            time.sleep(0.02)


def _abrir_sqlite(conexion: Connection) -> None:
    escritura = conexion.get_execution_options().get("escritura", False)
    conexion.exec_driver_sql("BEGIN IMMEDIATE" if escritura else "BEGIN")
