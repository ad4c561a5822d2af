"""El pool de Oracle con los límites del README. Aparte porque `oracledb` ocupa 6 MB que con SQLite no hacen falta."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import Any

import oracledb
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from chasis.bd import BaseDeDatos
from espacio_clientes.config.settings import Ajustes

# Milisegundos. Juntos dejan el peor caso por debajo de los 3 s en que se promete un 503.
ESPERA_DE_POOL, ESPERA_DE_RESPUESTA, ESPERA_DE_PING = 2000, 2500, 500
VIDA_DE_UN_POOL_MUDO = 30.0  # segundos; cada cambio deja atrás un hilo colgado hasta que el servidor corte


class BaseDeDatosOracle(BaseDeDatos):
    """La misma interfaz sobre el pool de oracledb (modo thin), que es quien entiende MIN, MAX e INC.

    SQLAlchemy no pone otro pool encima. Un servidor que acepta la conexión y calla dejaría colgado a `connect`
    para siempre (oracle/python-oracledb#451): el pool conecta en su propio hilo y aquí solo se espera un rato.
    """

    def __init__(self, ajustes: Ajustes) -> None:
        super().__init__("oracle+oracledb://", conexiones=ajustes.pool_max)
        self._ajustes = ajustes

    @cached_property
    def motor(self) -> Engine:
        return create_engine(self.url, creator=self._conectar, poolclass=NullPool, hide_parameters=True)

    def comprobar(self) -> None:
        with self.lectura() as conexion:
            conexion.execute(text("SELECT 1 FROM dual"))

    def cerrar(self) -> None:
        if pool := self.__dict__.pop("_pool", None):
            _cerrar_aparte(pool).join(ESPERA_DE_POOL / 1000)

    @cached_property
    def _pool(self) -> oracledb.ConnectionPool:
        ajustes, self._nacido = self._ajustes, time.monotonic()
        if ajustes.oracle_client:
            oracledb.init_oracle_client(lib_dir=ajustes.oracle_client)
        oracledb.defaults.fetch_decimals = True  # si no, NUMBER(15,2) llega como float
        return oracledb.create_pool(
            user=ajustes.bd_usuario,
            password=ajustes.bd_clave.get_secret_value(),
            params=oracledb.PoolParams(
                host=ajustes.bd_anfitrion,
                port=ajustes.bd_puerto,
                service_name=ajustes.bd_servicio,
                min=ajustes.pool_min,
                max=ajustes.pool_max,
                increment=ajustes.pool_inc,
                getmode=oracledb.POOL_GETMODE_TIMEDWAIT,
                wait_timeout=ESPERA_DE_POOL,
                ping_timeout=ESPERA_DE_PING,
                tcp_connect_timeout=ESPERA_DE_POOL / 1000,
                expire_time=2,
            ),
        )

    def _conectar(self) -> Any:
        pool = self._pool
        try:
            conexion = _con_plazo(pool.acquire)
        except oracledb.DatabaseError:
            self._cambiar_si_no_arranca(pool)
            raise
        conexion.call_timeout = ESPERA_DE_RESPUESTA
        return conexion

    def _cambiar_si_no_arranca(self, pool: oracledb.ConnectionPool) -> None:
        """Un pool que no ha logrado abrir nada puede seguir colgado en su primer intento: se empieza con otro."""
        if pool.opened == 0 and time.monotonic() - self._nacido > VIDA_DE_UN_POOL_MUDO:
            self.__dict__.pop("_pool", None)
            _cerrar_aparte(pool)


def _cerrar_aparte(pool: oracledb.ConnectionPool) -> threading.Thread:
    """Con un servidor que calla, `close` no acaba nunca, y soltar el pool sin más lo cierra en cualquier hilo."""
    cierre = threading.Thread(target=pool.close, kwargs={"force": True}, daemon=True)
    cierre.start()
    return cierre


def _con_plazo(adquirir: Callable[[], Any]) -> Any:
    """Lo que dé `adquirir`, sin esperarlo más de la cuenta aunque el pool no cumpla su propio plazo."""
    futuro: Future[Any] = Future()

    def intentar() -> None:
        try:
            futuro.set_result(adquirir())
        except BaseException as fallo:  # noqa: BLE001 — quien espera es quien debe recibirlo
            futuro.set_exception(fallo)

    threading.Thread(target=intentar, daemon=True).start()
    try:
        return futuro.result(ESPERA_DE_RESPUESTA / 1000)
    except TimeoutError:
        futuro.add_done_callback(lambda tarde: tarde.exception() or tarde.result().close())
        raise oracledb.OperationalError("el pool de Oracle no da ninguna conexión a tiempo") from None
