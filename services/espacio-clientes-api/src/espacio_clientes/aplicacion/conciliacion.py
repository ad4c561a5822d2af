"""Termina lo que quedó a medias: pagos sin veredicto y anulaciones pedidas. Nunca vuelve a cobrar; solo pregunta."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from chasis.errores import ErrorDeServicio
from espacio_clientes.aplicacion.pagos import ESTADO_DE, Pagos
from espacio_clientes.aplicacion.reloj import ahora
from espacio_clientes.infraestructura import accesos, carritos, pagos_pendientes
from espacio_clientes.infraestructura.pagos import Pago
from espacio_clientes.puertos import SinRespuesta

CADA = 5.0  # segundos entre pasadas
# Sobre el plazo de quien cobra, antes de dar por muerta la petición que lo inició.
MARGEN = timedelta(seconds=10)
PREOCUPA = timedelta(minutes=15)
PASADAS_POR_LIMPIEZA = 720  # una hora
ACTOR = "conciliacion"


class Conciliador:
    """Puede haber varios a la vez: las operaciones de quien cobra son repetibles y el primero que escribe gana."""

    def __init__(self, casos: Pagos) -> None:
        self._casos = casos
        self._registro = structlog.get_logger().bind()

    def una_pasada(self) -> int:
        """Resuelve lo que se pueda y dice cuántos pagos han cambiado."""
        momento, dura = ahora(), timedelta(seconds=self._casos.plazo) + MARGEN
        # Uno muy en el futuro es de antes de atrasar la hora: quien lo inició tampoco sigue ahí.
        desde, hasta = momento - dura, momento + dura
        pendientes = self._recorrer(
            lambda conexion, tras: pagos_pendientes.sin_resolver(conexion, desde, hasta, tras)
        )
        resueltos = sum(self._intentar(self._resolver, pago) for pago in pendientes)
        por_anular = self._recorrer(pagos_pendientes.por_anular)
        return resueltos + sum(self._intentar(self._anular, pago) for pago in por_anular)

    def limpiar(self) -> None:
        """Borra carritos de sesiones de hace más de un día y lo que el acceso ya no necesita."""
        momento = ahora()
        with self._casos.bd.escritura() as conexion:
            carritos.olvidar(conexion, momento - timedelta(days=1))
            accesos.olvidar(conexion, momento, momento - timedelta(days=1))

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Colector de Prometheus: los pagos sin veredicto; ninguna serie si la base no contesta."""
        with suppress(SQLAlchemyError), self._casos.bd.lectura() as conexion:
            cuantos, desde = pagos_pendientes.sin_veredicto(conexion)
            segundos = (ahora() - desde).total_seconds() if desde else 0.0
            yield GaugeMetricFamily("pagos_sin_veredicto", "Pagos que no se sabe si se cobraron", cuantos)
            yield GaugeMetricFamily(
                "pagos_sin_veredicto_segundos", "Desde cuándo no se sabe del más antiguo", segundos
            )

    def trabajar(self, fin: threading.Event) -> None:
        """Hasta que se ponga `fin`; un fallo no lo detiene."""
        pasadas = 0
        while not fin.wait(CADA):
            try:
                self.una_pasada()
                if pasadas % PASADAS_POR_LIMPIEZA == 0:
                    self.limpiar()
                pasadas += 1
            except Exception:  # noqa: BLE001 — sea lo que sea, lo pendiente sigue anotado para la próxima
                self._registro.exception("conciliacion_fallida")

    def _intentar(self, hacer: Callable[[Pago], bool], pago: Pago) -> bool:
        try:
            return hacer(pago)
        except ErrorDeServicio as error:  # uno que no admite el cambio no retiene a los que van detrás
            self._registro.error("pago_no_conciliado", pago=pago.cod_transaccion, motivo=error.texto)
            return False

    def _resolver(self, pago: Pago) -> bool:
        try:
            veredicto = ESTADO_DE[self._casos.procesador.resolver(pago.cod_transaccion)]
        except SinRespuesta:
            if pago.creado_en + PREOCUPA < ahora():
                self._registro.warning(
                    "pago_sin_veredicto", pago=pago.cod_transaccion, desde=str(pago.creado_en)
                )
            return False
        return self._casos.cambiar(pago, veredicto, ACTOR).estado is veredicto

    def _anular(self, pago: Pago) -> bool:
        return (
            self._casos.terminar_anulacion(pago, pago.anulacion_pedida_por or ACTOR).estado is not pago.estado
        )

    def _recorrer(self, leer: Callable[[Connection, str], Sequence[Pago]]) -> Iterator[Pago]:
        tras = " "
        while True:
            with self._casos.bd.lectura() as conexion:
                tanda = leer(conexion, tras)
            yield from tanda
            if not tanda:
                return
            tras = tanda[-1].cod_transaccion
