"""Los eventos de un servicio, montados: outbox, relay, inbox y transporte según la configuración."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.eventos import outbox
from chasis.eventos.firma import Firma
from chasis.eventos.http import TransporteHttp
from chasis.eventos.recepcion import Manejador, Recepcion
from chasis.eventos.relay import VIGENCIA, Mando, Relay, Transporte

if TYPE_CHECKING:
    from apiflask import APIFlask

    from chasis.eventos.pulsar import TransportePulsar

MANTENIMIENTO = 60.0  # segundos
# Segundos que puede llevar un evento sin publicar antes de que el trabajador no esté listo.
RETRASO_ADMISIBLE = 60.0


class Eventos:
    """Se crea con la base de datos ya migrada; no abre conexiones ni hilos hasta que se le pide."""

    def __init__(
        self, bd: BaseDeDatos, ajustes: AjustesBase, servicio: str, manejadores: Iterable[Manejador] = ()
    ) -> None:
        self.bd, self.servicio, self._ajustes = bd, servicio, ajustes
        self.con_pulsar = ajustes.transporte_de_eventos == "pulsar"
        self._suscriptores = {tema: tuple(quienes) for tema, quienes in ajustes.suscriptores.items()}
        self.outbox = outbox.Outbox(servicio, self._suscriptores, "pulsar" if self.con_pulsar else "")
        self.firma = Firma(ajustes.clave_de_eventos)
        self.recepcion = Recepcion(bd, self.outbox, manejadores)
        self.cada_tanto: Callable[[], object] = lambda: None
        """Trabajo propio del servicio: corre al tomar el mando y luego cada `MANTENIMIENTO` segundos."""
        self._proximo_mantenimiento = 0.0
        self._mando, self._relays = Mando(bd), list[Relay]()
        bd.con_outbox(self.outbox, self._avisar)

    @cached_property
    def pulsar(self) -> TransportePulsar:
        # Se importa tarde: cuesta 22 MB y el proceso web no lo usa nunca.
        from chasis.eventos.pulsar import Acceso, TransportePulsar

        dicho = self._ajustes
        acceso = Acceso(dicho.pulsar_url, dicho.pulsar_token.get_secret_value(), dicho.pulsar_ca)
        return TransportePulsar(acceso, dicho.pulsar_espacio, self._suscriptores)

    def instalar(self, app: APIFlask) -> None:
        """Añade a la aplicación web la entrada de eventos y sus métricas."""
        from chasis.eventos import entrada  # trae Flask, que no todos usan

        entrada.instalar(app, self)

    def estado(self) -> dict[str, Any]:
        """Comprobación de salud del proceso web: informa del retraso, que no le impide atender peticiones."""
        return outbox.estado(self.bd)

    def al_dia(self) -> dict[str, Any]:
        """Comprobación de salud del trabajador: falla si no logra publicar o no está suscrito a sus temas."""
        actual = self.estado()
        faltan = set(self.recepcion.temas) - self.pulsar.conectados if self.con_pulsar else set()
        if actual["mas_antiguo_s"] > RETRASO_ADMISIBLE or faltan:
            raise RuntimeError(f"outbox {actual}; temas sin conexión: {sorted(faltan)}")
        return actual

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Colector de Prometheus: una serie `eventos_…` por cada dato de `estado`; ninguna si la base no contesta."""
        datos: dict[str, Any] = {}
        with suppress(SQLAlchemyError):  # sin base, las demás métricas hacen más falta que nunca
            datos = self.estado()
        for nombre, valor in datos.items():
            yield GaugeMetricFamily(f"eventos_{nombre}", f"Eventos: {nombre}", value=valor)

    def en_segundo_plano(self) -> None:
        """Relay y reintentos como hilos del proceso web; con Pulsar no hace nada, de eso se ocupa el trabajador."""
        if not self.con_pulsar and (self.outbox.destinos or self.recepcion.temas):
            self.lanzar(threading.Event())

    def lanzar(self, fin: threading.Event) -> list[threading.Thread]:
        """Todos los hilos que mueven eventos; terminan cuando se pone `fin`."""
        direcciones = {d: url for grupo in self._ajustes.suscriptores.values() for d, url in grupo.items()}
        transporte: Transporte = self.pulsar if self.con_pulsar else TransporteHttp(direcciones, self.firma)
        self._relays = [Relay(self.bd, self._mando, transporte, d) for d in self.outbox.destinos]
        tareas: list[Callable[[], None]] = [
            partial(_cada, VIGENCIA / 4, self._mando.renovar, fin),
            partial(_cada, 0.5, self._reintentar, fin),
            partial(_cada, 1, self._mantener, fin),
            *(partial(relay.trabajar, fin) for relay in self._relays),
        ]
        if self.con_pulsar:
            tareas += [
                partial(self.pulsar.consumir, tema, self.servicio, self.recepcion, fin)
                for tema in self.recepcion.temas
            ]
        hilos = [threading.Thread(target=tarea, daemon=True) for tarea in tareas]
        for hilo in hilos:
            hilo.start()
        return hilos

    def _reintentar(self) -> None:
        while self._mando.es_mio and self.recepcion.reintentar():
            pass

    def _mantener(self) -> None:
        if self._mando.es_mio and time.monotonic() >= self._proximo_mantenimiento:
            self._proximo_mantenimiento = time.monotonic() + MANTENIMIENTO
            self.recepcion.olvidar()
            self.cada_tanto()

    def _avisar(self) -> None:
        for relay in self._relays:
            relay.aviso.set()


def _cada(segundos: float, tarea: Callable[[], None], fin: threading.Event) -> None:
    while not fin.is_set():
        inicio = time.monotonic()
        try:
            tarea()
        except Exception:  # noqa: BLE001 — la base de datos puede faltar un rato; la tarea sigue
            structlog.get_logger().exception("tarea_de_eventos_fallida")
        fin.wait(max(0.05, segundos - (time.monotonic() - inicio)))
