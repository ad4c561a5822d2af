"""Transporte Pulsar: solo lo usa el proceso trabajador (el cliente no sobrevive a un `fork`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import pulsar
import structlog
from pydantic import ValidationError

from chasis.eventos.recepcion import Recepcion
from chasis.eventos.sobre import Evento

_PRODUCTOR: dict[str, Any] = {
    "batching_enabled": True,
    "batching_max_publish_delay_ms": 2,
    "batching_type": pulsar.BatchingType.KeyBased,  # el orden por clave lo exige
    "block_if_queue_full": True,
    "compression_type": pulsar.CompressionType.LZ4,
    "send_timeout_millis": 10_000,
}
_SONDEO = 500  # milisegundos que se espera un mensaje antes de mirar si hay que parar
_MAYOR_PAUSA = 5.0


@dataclass(frozen=True)
class Acceso:
    """Cómo se llega al broker; con `pulsar+ssl://`, `ca` es el fichero de quien lo avala (vacío: los de siempre)."""

    url: str
    token: str = field(default="", repr=False)
    ca: str = ""


class TransportePulsar:
    def __init__(self, acceso: Acceso, espacio: str, suscriptores: Mapping[str, tuple[str, ...]]) -> None:
        self._acceso, self._espacio, self._suscriptores = acceso, espacio, suscriptores
        self._productores: dict[str, pulsar.Producer] = {}
        self._turno = threading.Lock()
        self.conectados: set[str] = set()

    @cached_property
    def _cliente(self) -> pulsar.Client:
        # El de serie llena la salida si el broker falta.
        registro = pulsar.ConsoleLogger(pulsar.LoggerLevel.Error)
        acceso = self._acceso
        return pulsar.Client(
            acceso.url,
            authentication=pulsar.AuthenticationToken(acceso.token) if acceso.token else None,
            tls_trust_certs_file_path=acceso.ca or None,
            tls_validate_hostname=True,  # no es lo habitual del cliente, y sin ello vale el certificado de cualquiera
            operation_timeout_seconds=5,
            connection_timeout_ms=3000,
            logger=registro,
        )

    def publicar(self, _: str, filas: Sequence[Any]) -> tuple[list[int], Exception | None]:
        entregados: list[int] = []
        try:
            for fila in filas:
                self._productor(fila.tema).send_async(
                    fila.cuerpo, _al_confirmar(fila.id, entregados), partition_key=fila.clave
                )
            for tema in {fila.tema for fila in filas}:
                self._productores[tema].flush()
        except pulsar.PulsarException as fallo:
            self._soltar()
            return list(entregados), fallo
        if len(entregados) < len(filas):
            self._soltar()
            return list(entregados), RuntimeError(f"{len(filas) - len(entregados)} mensajes sin confirmar")
        return entregados, None

    def consumir(self, tema: str, servicio: str, recepcion: Recepcion, fin: threading.Event) -> None:
        """Hasta que se ponga `fin`: recibe, aplica y confirma; si el broker falta, lo vuelve a intentar."""
        pausa = 0.2
        while not fin.is_set():
            try:
                consumidor = self._suscribir(tema, servicio)
                self.conectados.add(tema)
                pausa = 0.2
                with suppress(pulsar.AlreadyClosed):
                    self._atender(consumidor, tema, recepcion, fin)
                    consumidor.close()
            except pulsar.PulsarException as fallo:
                self.conectados.discard(tema)
                structlog.get_logger().warning("pulsar_no_contesta", tema=tema, error=repr(fallo))
                fin.wait(pausa)
                pausa = min(pausa * 2, _MAYOR_PAUSA)

    def cerrar(self) -> None:
        self._soltar()
        if "_cliente" in self.__dict__:
            self._cliente.close()

    def _atender(
        self, consumidor: pulsar.Consumer, tema: str, recepcion: Recepcion, fin: threading.Event
    ) -> None:
        while not fin.is_set():
            try:
                mensaje = consumidor.receive(timeout_millis=_SONDEO)
            except pulsar.Timeout:
                continue
            if _insistir(partial(_entregar, mensaje.data(), tema, recepcion), fin):
                consumidor.acknowledge(mensaje)

    def _suscribir(self, tema: str, servicio: str) -> pulsar.Consumer:
        return self._cliente.subscribe(
            self._direccion(tema),
            servicio,
            consumer_type=pulsar.ConsumerType.KeyShared,
            initial_position=pulsar.InitialPosition.Earliest,
            receiver_queue_size=500,
        )

    def _productor(self, tema: str) -> pulsar.Producer:
        with self._turno:
            if tema not in self._productores:
                # Un tema sin suscripciones no guarda nada: se crean antes que el primer mensaje.
                for servicio in self._suscriptores.get(tema, ()):
                    self._suscribir(tema, servicio).close()
                self._productores[tema] = self._cliente.create_producer(self._direccion(tema), **_PRODUCTOR)
            return self._productores[tema]

    def _soltar(self) -> None:
        """Olvida los productores: los siguientes vuelven a crear temas y suscripciones si el broker los perdió."""
        with self._turno:
            for productor in self._productores.values():
                with suppress(pulsar.PulsarException):
                    productor.close()
            self._productores.clear()

    def _direccion(self, tema: str) -> str:
        return f"persistent://{self._espacio}/{tema}"


def _al_confirmar(fila_id: int, entregados: list[int]) -> Callable[[Any, Any], None]:
    def anotar(resultado: Any, _: Any) -> None:
        if resultado == pulsar.Result.Ok:
            entregados.append(fila_id)

    return anotar


def _entregar(cuerpo: bytes, tema: str, recepcion: Recepcion) -> None:
    try:
        evento = Evento.model_validate_json(cuerpo)
    except ValidationError as fallo:
        recepcion.espera.enterrar(tema, cuerpo, f"no es un CloudEvent: {fallo.errors()[0]['loc']}")
    else:
        recepcion.recibir(evento)


def _insistir(entregar: Callable[[], None], fin: threading.Event) -> bool:
    """Solo falla si la base no contesta: nada se puede aplicar, así que se espera con el mensaje en la mano."""
    pausa = 0.2
    while not fin.is_set():
        try:
            entregar()
        except Exception:  # noqa: BLE001
            structlog.get_logger().exception("evento_sin_guardar")
            fin.wait(pausa)
            pausa = min(pausa * 2, _MAYOR_PAUSA)
        else:
            return True
    return False
