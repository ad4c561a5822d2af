"""Cola de espera del consumidor: los eventos que fallaron, los que van detrás de ellos, y los que ya murieron."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from chasis.eventos.outbox import Outbox
from chasis.eventos.sobre import Evento
from chasis.eventos.tablas import ESPERA, recortar

ESPERAS = (1, 5, 30, 120, 600)  # segundos antes de cada nuevo intento
ILEGIBLE = "(ilegible)"
_POR_RONDA = 100


class EventoInvalido(Exception):
    """El evento no cumple su contrato: no mejorará por esperar."""


class Espera:
    """Vive en la base del consumidor: los intentos y el orden sobreviven a reinicios, suyos y del broker."""

    def __init__(self, bd: BaseDeDatos, outbox: Outbox) -> None:
        self._bd, self._outbox = bd, outbox

    def vencidas(self) -> Sequence[Any]:
        """La primera fila de cada clave, si ya esperó bastante."""
        otra = ESPERA.alias()
        primera = sa.select(sa.func.min(otra.c.id)).where(
            otra.c.muerta == 0, otra.c.manejador == ESPERA.c.manejador, otra.c.clave == ESPERA.c.clave
        )
        ahora = time.time()
        # Más allá de la mayor espera no puede estar: la hora se ha atrasado después de apuntarlo.
        vencida = ~ESPERA.c.proximo.between(ahora, ahora + ESPERAS[-1])
        consulta = sa.select(ESPERA).where(
            ESPERA.c.muerta == 0, vencida, ESPERA.c.id == primera.scalar_subquery()
        )
        with self._bd.lectura() as conexion:
            return conexion.execute(consulta.order_by(ESPERA.c.id).limit(_POR_RONDA)).all()

    @staticmethod
    def contiene(conexion: sa.Connection, manejador: str, evento: Evento) -> bool:
        es_el = (ESPERA.c.evento_id == evento.id) & (ESPERA.c.manejador == manejador)
        return conexion.execute(sa.select(ESPERA.c.id).where(es_el)).first() is not None

    @staticmethod
    def retiene(conexion: sa.Connection, manejador: str, clave: str) -> bool:
        """Si otro evento de esa clave, todavía vivo, espera delante."""
        vivos = ESPERA.c.muerta == 0, ESPERA.c.manejador == manejador, ESPERA.c.clave == recortar(clave)
        return conexion.execute(sa.select(ESPERA.c.id).where(*vivos).limit(1)).first() is not None

    @staticmethod
    def poner(conexion: sa.Connection, manejador: str, evento: Evento, **valores: Any) -> None:
        fila = {"evento_id": evento.id, "manejador": manejador, "clave": recortar(evento.clave)}
        inicio = {
            "intentos": 0,
            "proximo": time.time(),
            "muerta": 0,
            "cuerpo": orjson.dumps(_a_objeto(evento)),
        }
        conexion.execute(ESPERA.insert().values(fila | inicio | valores))

    @staticmethod
    def quitar(conexion: sa.Connection, fila: Any) -> None:
        if fila is not None:
            conexion.execute(ESPERA.delete().where(ESPERA.c.id == fila.id))

    def aplazar(self, manejador: str, evento: Evento, fila: Any, fallo: Exception) -> str:
        """Guarda el fallo y cuándo volver a intentarlo, o que murió: sin esperar, si no cumple su contrato.

        Devuelve `aplazado` o `muerto`.
        """
        intentos = (fila.intentos if fila is not None else 0) + 1
        muere = intentos > len(ESPERAS) or isinstance(fallo, EventoInvalido)
        error = f"{type(fallo).__name__}: {fallo}"[:2000]
        proximo = time.time() + (0 if muere else ESPERAS[intentos - 1])
        valores = {"intentos": intentos, "proximo": proximo, "error": error, "muerta": int(muere)}
        with suppress(IntegrityError), self._bd.escritura() as conexion:  # otro proceso ya lo dejó en espera
            if fila is None:
                self.poner(conexion, manejador, evento, **valores)
            else:
                conexion.execute(ESPERA.update().where(ESPERA.c.id == fila.id).values(**valores))
            if muere:
                self._copiar_a_dlq(conexion, manejador, evento, error, intentos)
        self._anotar(manejador, evento, fallo, intentos, muere)
        return "muerto" if muere else "aplazado"

    def enterrar(self, tema: str, cuerpo: bytes, motivo: str) -> None:
        """Guarda como muerto un mensaje que ni siquiera es un evento: no se puede aplicar, y tampoco se pierde."""
        structlog.get_logger().error("evento_ilegible", tema=tema, motivo=motivo[:500])
        huella = hashlib.sha256(cuerpo).hexdigest()
        fila = {"evento_id": huella, "manejador": ILEGIBLE, "clave": tema, "cuerpo": cuerpo}
        valores = {"intentos": 1, "proximo": time.time(), "error": motivo[:2000], "muerta": 1}
        with suppress(IntegrityError), self._bd.escritura() as conexion:
            conexion.execute(ESPERA.insert().values(fila | valores))

    def _copiar_a_dlq(
        self, conexion: sa.Connection, manejador: str, evento: Evento, error: str, intentos: int
    ) -> None:
        motivo = {"dlqservicio": self._outbox.fuente, "dlqmanejador": manejador}
        sobre = {**_a_objeto(evento), **motivo, "dlqerror": error, "dlqintentos": intentos}
        self._outbox.guardar(conexion, f"{evento.tema}-dlq", evento.clave, orjson.dumps(sobre))

    @staticmethod
    def _anotar(manejador: str, evento: Evento, fallo: Exception, intentos: int, muere: bool) -> None:
        registro = structlog.get_logger().bind(tipo=evento.tipo, manejador=manejador, intentos=intentos)
        if muere:
            registro.error("evento_muerto", exc_info=fallo)
        else:
            registro.warning("evento_aplazado", exc_info=fallo)


def _a_objeto(evento: Evento) -> dict[str, Any]:
    return {**evento.model_dump(by_alias=True), "datacontenttype": "application/json"}
