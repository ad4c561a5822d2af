"""Inbox: cada evento tiene efecto una vez por manejador, en el orden de su clave, y ninguno se pierde.

El efecto y la fila `(evento, manejador)` del inbox se confirman juntos. Si el manejador falla, el evento queda
guardado en `inbox_espera` y se reintenta más tarde; mientras tanto los siguientes **de esa clave** esperan detrás
y las demás claves siguen. Agotados los intentos, el evento muere: deja de retener a su clave y conserva su error.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Histogram
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from chasis import contexto
from chasis.bd import BaseDeDatos
from chasis.eventos.outbox import Outbox
from chasis.eventos.sobre import Evento
from chasis.eventos.tablas import ESPERA, INBOX, recortar

ESPERAS = (1, 5, 30, 120, 600)  # segundos antes de cada nuevo intento
MEMORIA = 7 * 24 * 3600  # segundos que se recuerda un evento aplicado
ILEGIBLE = "(ilegible)"
_POR_RONDA = 100
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
        self._bd, self._outbox = bd, outbox
        self._por_nombre = {m.nombre: m for m in manejadores}
        self._lectores: dict[str, TypeAdapter[Any]] = {
            m.nombre: TypeAdapter(m.tipo) for m in self._por_nombre.values()
        }
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

    def rechazar(self, tema: str, cuerpo: bytes, motivo: str) -> None:
        """Guarda como muerto un mensaje que ni siquiera es un evento: no se puede aplicar, y tampoco se pierde."""
        structlog.get_logger().error("evento_ilegible", tema=tema, motivo=motivo[:500])
        huella = hashlib.sha256(cuerpo).hexdigest()
        fila = {"evento_id": huella, "manejador": ILEGIBLE, "clave": tema, "cuerpo": cuerpo}
        valores = {"intentos": 1, "proximo": time.time(), "error": motivo[:2000], "muerta": 1}
        with suppress(IntegrityError), self._bd.escritura() as conexion:
            conexion.execute(ESPERA.insert().values(fila | valores))

    def reintentar(self) -> int:
        """Da otra oportunidad a los que ya esperaron bastante, el primero de cada clave; devuelve cuántos eran."""
        otra = ESPERA.alias()
        primera = sa.select(sa.func.min(otra.c.id)).where(
            otra.c.muerta == 0, otra.c.manejador == ESPERA.c.manejador, otra.c.clave == ESPERA.c.clave
        )
        vencidas = ESPERA.c.muerta == 0, ESPERA.c.proximo <= time.time()
        consulta = sa.select(ESPERA).where(*vencidas, ESPERA.c.id == primera.scalar_subquery())
        with self._bd.lectura() as conexion:
            filas = conexion.execute(consulta.order_by(ESPERA.c.id).limit(_POR_RONDA)).all()
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
        try:
            resultado = self._aplicar(manejador, evento, fila)
        except _YaEstaba:
            resultado = "repetido"
        except Exception as fallo:  # noqa: BLE001 — cualquier fallo del manejador aplaza el evento
            resultado = self._aplazar(manejador, evento, fila, fallo)
        _resultados.labels(evento.tipo, resultado).inc()
        demora = max(0.0, time.time() - evento.momento.timestamp())
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
        return self._lectores[manejador.nombre].validate_python(evento.datos)

    def _no_toca(
        self, conexion: sa.Connection, manejador: Manejador, evento: Evento, fila: Any
    ) -> str | None:
        """Motivo para no aplicarlo ahora: ya se aplicó, ya esperaba, o su clave tiene a otro delante."""
        suyo = INBOX.c.evento_id == evento.id, INBOX.c.manejador == manejador.nombre
        if conexion.execute(sa.select(INBOX.c.recibido).where(*suyo)).first():
            self._quitar(conexion, fila)
            return "repetido"
        if fila is not None:
            return None
        de_su_clave = ESPERA.c.manejador == manejador.nombre, ESPERA.c.clave == recortar(evento.clave)
        ya_espera = (ESPERA.c.evento_id == evento.id) & (ESPERA.c.manejador == manejador.nombre)
        if conexion.execute(sa.select(ESPERA.c.id).where(ya_espera)).first():
            return "repetido"
        if conexion.execute(
            sa.select(ESPERA.c.id).where(ESPERA.c.muerta == 0, *de_su_clave).limit(1)
        ).first():
            self._guardar_en_espera(conexion, manejador, evento, intentos=0, proximo=time.time())
            return "en_cola"
        return None

    def _anotar(self, conexion: sa.Connection, manejador: Manejador, evento: Evento, fila: Any) -> None:
        self._quitar(conexion, fila)
        try:
            conexion.execute(
                INBOX.insert().values(evento_id=evento.id, manejador=manejador.nombre, recibido=time.time())
            )
        except IntegrityError:
            raise _YaEstaba from None

    def _aplazar(self, manejador: Manejador, evento: Evento, fila: Any, fallo: Exception) -> str:
        """Guarda el fallo y cuándo volver a intentarlo; un evento que no cumple su contrato muere sin esperar."""
        intentos = (fila.intentos if fila is not None else 0) + 1
        muere = intentos > len(ESPERAS) or isinstance(fallo, ValidationError)
        proximo = time.time() + (0 if muere else ESPERAS[intentos - 1])
        error = f"{type(fallo).__name__}: {fallo}"[:2000]
        valores = {"intentos": intentos, "proximo": proximo, "error": error, "muerta": int(muere)}
        registro = structlog.get_logger()
        (registro.error if muere else registro.warning)(
            "evento_muerto" if muere else "evento_aplazado",
            tipo=evento.tipo,
            manejador=manejador.nombre,
            intentos=intentos,
            exc_info=fallo,
        )
        with suppress(IntegrityError), self._bd.escritura() as conexion:  # otro proceso ya lo dejó en espera
            if fila is None:
                self._guardar_en_espera(conexion, manejador, evento, **valores)
            else:
                conexion.execute(ESPERA.update().where(ESPERA.c.id == fila.id).values(**valores))
            if muere:
                self._copiar_a_dlq(conexion, manejador, evento, error, intentos)
        return "muerto" if muere else "aplazado"

    def _copiar_a_dlq(
        self, conexion: sa.Connection, manejador: Manejador, evento: Evento, error: str, intentos: int
    ) -> None:
        dlq = {"dlqservicio": self._outbox.fuente, "dlqmanejador": manejador.nombre}
        sobre = {**_a_objeto(evento), **dlq, "dlqerror": error, "dlqintentos": intentos}
        self._outbox.guardar(conexion, f"{evento.tema}-dlq", evento.clave, orjson.dumps(sobre))

    @staticmethod
    def _guardar_en_espera(
        conexion: sa.Connection, manejador: Manejador, evento: Evento, **valores: Any
    ) -> None:
        fila = {
            "evento_id": evento.id,
            "manejador": manejador.nombre,
            "clave": recortar(evento.clave),
            "cuerpo": orjson.dumps(_a_objeto(evento)),
            "muerta": 0,
        }
        conexion.execute(ESPERA.insert().values(fila | valores))

    @staticmethod
    def _quitar(conexion: sa.Connection, fila: Any) -> None:
        if fila is not None:
            conexion.execute(ESPERA.delete().where(ESPERA.c.id == fila.id))


def _a_objeto(evento: Evento) -> dict[str, Any]:
    return {**evento.model_dump(by_alias=True), "datacontenttype": "application/json"}
