"""Inbox: cada evento tiene efecto una vez por manejador, en el orden de su clave, y ninguno se pierde.

El efecto y la fila `(evento, manejador)` del inbox se confirman juntos. Si el manejador falla, el evento queda
guardado en `inbox_espera` y se reintenta más tarde; mientras tanto los siguientes **de esa clave** esperan detrás
y las demás claves siguen. Agotados los intentos, el evento muere: deja de retener a su clave y conserva su error.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Histogram
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from chasis import contexto, trazas
from chasis.bd import BaseDeDatos
from chasis.eventos.espera import Espera, EventoInvalido
from chasis.eventos.outbox import Outbox
from chasis.eventos.sobre import Evento
from chasis.eventos.tablas import INBOX

MEMORIA = 7 * 24 * 3600  # segundos que se recuerda un evento aplicado
_resultados = Counter("eventos_recibidos", "Eventos por resultado", ["tipo", "resultado"])
_demora = Histogram("eventos_demora_segundos", "Del suceso a su efecto", ["tipo"])


@dataclass(frozen=True)
class Manejador:
    """`hacer(conexion, datos, evento)` aplica un tipo de evento; sin transacción, `hacer(datos, evento)`.

    `tipo` es una dataclass con los campos que este servicio lee. Fuera de la transacción (una llamada HTTP) el
    efecto debe ser idempotente: puede repetirse si el proceso muere antes de anotarlo.
    """

    tema: str
    tipo: type
    hacer: Callable[..., None]
    en_transaccion: bool = True

    @property
    def nombre(self) -> str:
        return self.hacer.__name__


class _YaEstaba(Exception):
    """Otro proceso aplicó el mismo evento a la vez."""


class Recepcion:
    def __init__(self, bd: BaseDeDatos, outbox: Outbox, manejadores: Iterable[Manejador]) -> None:
        self._bd, self.espera = bd, Espera(bd, outbox)
        self._por_nombre = {m.nombre: m for m in manejadores}
        self._lectores = {nombre: TypeAdapter[Any](m.tipo) for nombre, m in self._por_nombre.items()}
        self._por_tipo = defaultdict(list)
        for manejador in self._por_nombre.values():
            self._por_tipo[manejador.tema, manejador.tipo.__name__].append(manejador)

    @property
    def temas(self) -> list[str]:
        return sorted({m.tema for m in self._por_nombre.values()})

    def recibir(self, evento: Evento) -> None:
        """Vuelve cuando el evento está aplicado o guardado; solo lanza si la base de datos no pudo guardarlo."""
        for manejador in self._por_tipo.get((evento.tema, evento.tipo), ()):
            copy_context().run(self._intentar, manejador, evento, None)

    def reintentar(self) -> int:
        """Da otra oportunidad a los que ya esperaron bastante; devuelve cuántos eran."""
        filas = self.espera.vencidas()
        for fila in filas:
            if manejador := self._por_nombre.get(fila.manejador):
                evento = Evento.model_validate_json(fila.cuerpo)
                copy_context().run(self._intentar, manejador, evento, fila)
        return len(filas)

    def olvidar(self) -> None:
        """Borra del inbox lo que ya no puede volver a llegar."""
        with self._bd.escritura() as conexion:
            conexion.execute(INBOX.delete().where(INBOX.c.recibido < time.time() - MEMORIA))

    def _intentar(self, manejador: Manejador, evento: Evento, fila: Any) -> None:
        contexto.iniciar(evento.correlacion or None, evento.traza or None)
        mensaje = {"messaging.destination.name": evento.tema, "messaging.message.id": evento.id}
        try:
            with trazas.tramo(f"aplicar {evento.tipo}", "CONSUMER", manejador=manejador.nombre, **mensaje):
                resultado = self._aplicar(manejador, evento, fila)
        except _YaEstaba:
            resultado = "repetido"
        except Exception as fallo:  # noqa: BLE001 — cualquier fallo del manejador aplaza el evento
            resultado = self.espera.aplazar(manejador.nombre, evento, fila, fallo)
        demora = max(0.0, time.time() - evento.momento.timestamp())
        _resultados.labels(evento.tipo, resultado).inc()
        _demora.labels(evento.tipo).observe(demora)
        structlog.get_logger().info(
            "evento",
            tipo=evento.tipo,
            evento=evento.id,
            fuente=evento.fuente,
            manejador=manejador.nombre,
            resultado=resultado,
            demora_ms=round(demora * 1000),
        )

    def _aplicar(self, manejador: Manejador, evento: Evento, fila: Any) -> str:
        if manejador.en_transaccion:
            with self._bd.escritura() as conexion:
                if motivo := self._no_toca(conexion, manejador, evento, fila):
                    return motivo
                self._anotar(conexion, manejador, evento, fila)
                manejador.hacer(conexion, self._datos(manejador, evento), evento)
            return "aplicado"
        with self._bd.escritura() as conexion:
            if motivo := self._no_toca(conexion, manejador, evento, fila):
                return motivo
        manejador.hacer(self._datos(manejador, evento), evento)
        with self._bd.escritura() as conexion:
            self._anotar(conexion, manejador, evento, fila)
        return "aplicado"

    def _datos(self, manejador: Manejador, evento: Evento) -> Any:
        try:
            return self._lectores[manejador.nombre].validate_python(evento.datos)
        except ValidationError as fallo:  # sin los valores: este texto llega a los registros
            motivos = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fallo.errors())
            raise EventoInvalido("; ".join(motivos)) from None

    def _no_toca(
        self, conexion: sa.Connection, manejador: Manejador, evento: Evento, fila: Any
    ) -> str | None:
        """Motivo para no aplicarlo ahora: ya se aplicó, ya esperaba, o su clave tiene a otro delante."""
        suyo = INBOX.c.evento_id == evento.id, INBOX.c.manejador == manejador.nombre
        if conexion.execute(sa.select(INBOX.c.recibido).where(*suyo)).first():
            self.espera.quitar(conexion, fila)
            return "repetido"
        if fila is not None:
            return None
        if self.espera.contiene(conexion, manejador.nombre, evento):
            return "repetido"
        if self.espera.retiene(conexion, manejador.nombre, evento.clave):
            self.espera.poner(conexion, manejador.nombre, evento)
            return "en_cola"
        return None

    def _anotar(self, conexion: sa.Connection, manejador: Manejador, evento: Evento, fila: Any) -> None:
        self.espera.quitar(conexion, fila)
        valores = {"evento_id": evento.id, "manejador": manejador.nombre, "recibido": time.time()}
        try:
            conexion.execute(INBOX.insert(), valores)
        except IntegrityError:
            raise _YaEstaba from None
