"""Relay: lleva la outbox al transporte. Solo uno por base de datos, el que tiene el mando (una fila que se renueva).

Lee una tanda en una transacción corta, publica fuera de toda transacción y borra en otra lo que el transporte
confirmó. Nunca avanza por «el último id»: los ids se reparten antes de confirmar y eso pierde filas.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from prometheus_client import Counter
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from chasis.eventos.tablas import MANDO, NADIE, OUTBOX, RELAY

TANDA = 500
SONDEO = 0.2  # segundos; dentro del proceso que escribe, el aviso llega antes
RESPIRO = 0.05  # segundos entre tandas sin llenar: con tráfico seguido, los eventos viajan juntos
MAYOR_PAUSA = 5.0
VIGENCIA = 2.0  # segundos que dura el mando sin renovarse
# Segundos que pueden llevarse dos relojes; un mando de más allá es de antes de atrasar la hora.
DESAJUSTE = 60.0

_LEER = (
    sa.select(OUTBOX.c.id, OUTBOX.c.tema, OUTBOX.c.clave, OUTBOX.c.cuerpo)
    .where(OUTBOX.c.destino == sa.bindparam("destino"))
    .order_by(OUTBOX.c.id)
    .limit(TANDA)
)
_BORRAR = sa.delete(OUTBOX).where(OUTBOX.c.id.in_(sa.bindparam("ids", expanding=True)))
_publicados = Counter("eventos_publicados", "Eventos que el transporte confirmó", ["destino"])
_fallos = Counter("eventos_fallos_de_envio", "Tandas que el transporte no confirmó del todo", ["destino"])


class Transporte(Protocol):
    def publicar(self, destino: str, filas: Sequence[Any]) -> tuple[list[int], Exception | None]:
        """Entrega las filas por orden y devuelve los ids confirmados y, si no son todos, el motivo."""


class Mando:
    """Quién reparte. El reloj es el de cada máquina: si difieren puede haber dos un momento: el inbox lo absorbe."""

    def __init__(self, bd: BaseDeDatos) -> None:
        self._bd, self._yo, self._hasta = bd, secrets.token_hex(16), 0.0

    @property
    def es_mio(self) -> bool:
        return time.monotonic() < self._hasta

    def renovar(self) -> None:
        """Lo conserva, o lo toma si no es de nadie o su dueño dejó de renovarlo."""
        inicio, ahora = time.monotonic(), time.time()
        with self._bd.lectura() as conexion:
            actual = conexion.execute(sa.select(MANDO).where(MANDO.c.nombre == RELAY)).one_or_none()
        if actual is not None and actual.dueno != self._yo and not _vencido(actual, ahora):
            self._hasta = 0.0  # sin escribir: quien no manda no debe estorbar
            return
        self._hasta = inicio + VIGENCIA if self._tomar(actual is None, ahora) else 0.0

    def _tomar(self, nuevo: bool, ahora: float) -> bool:
        valores = {"dueno": self._yo, "hasta": ahora + VIGENCIA}
        en_hora = MANDO.c.hasta.between(ahora, ahora + DESAJUSTE)
        libre = (MANDO.c.dueno == self._yo) | ((MANDO.c.dueno != NADIE) & ~en_hora) | (MANDO.c.hasta < ahora)
        try:
            with self._bd.escritura() as conexion:
                if nuevo:
                    conexion.execute(MANDO.insert().values(nombre=RELAY, **valores))
                    return True
                cambio = MANDO.update().where(MANDO.c.nombre == RELAY, libre).values(**valores)
                return conexion.execute(cambio).rowcount == 1
        except IntegrityError:  # otro proceso creó la fila en el mismo instante
            return False


def _vencido(mando: Any, ahora: float) -> bool:
    return bool(mando.hasta < ahora or (mando.dueno != NADIE and mando.hasta > ahora + DESAJUSTE))


class Relay:
    """Reparte a un destino; `aviso` lo despierta en cuanto este mismo proceso confirma un evento."""

    def __init__(self, bd: BaseDeDatos, mando: Mando, transporte: Transporte, destino: str) -> None:
        self._bd, self._mando, self._transporte, self._destino = bd, mando, transporte, destino
        self.aviso = threading.Event()

    def repartir(self) -> int:
        """Una tanda; cuántos había. Lanza el motivo si el transporte no la confirmó entera."""
        with self._bd.lectura() as conexion:
            filas = conexion.execute(_LEER, {"destino": self._destino}).all()
        if not filas:
            return 0
        entregados, fallo = self._transporte.publicar(self._destino, filas)
        if entregados:
            with self._bd.escritura() as conexion:
                conexion.execute(_BORRAR, {"ids": entregados})
            _publicados.labels(self._destino).inc(len(entregados))
        if fallo:
            raise fallo
        return len(filas)

    def trabajar(self, fin: threading.Event) -> None:
        """Hasta que se ponga `fin`; un fallo nunca lo detiene, solo lo espacia."""
        fallos = 0
        while not fin.is_set():
            self.aviso.clear()
            try:
                repartidos = self._mando.es_mio and self.repartir()
                fallos = 0
            except Exception as fallo:  # noqa: BLE001 — sea lo que sea, los eventos siguen en la outbox
                self._anotar(fallo, fallos)
                fallos += 1
                fin.wait(min(SONDEO * 2**fallos, MAYOR_PAUSA))
                continue
            if not repartidos:
                self.aviso.wait(SONDEO)
            elif repartidos < TANDA:
                fin.wait(RESPIRO)

    def _anotar(self, fallo: Exception, anteriores: int) -> None:
        _fallos.labels(self._destino).inc()
        if anteriores in (0, 5) or anteriores % 60 == 0:  # al empezar, si dura, y luego cada cinco minutos
            structlog.get_logger().warning("relay_no_entrega", destino=self._destino, error=repr(fallo))
