"""Qué fue de las citas que se pidieron y de las que no se supo: se mira si TuoTempo sigue ofreciendo su hueco.

TuoTempo no deja consultar una reserva y volver a pedirla podría darla dos veces. Si el hueco ya no se ofrece, la
reserva entró: nadie más lo podía pedir por aquí. Si se ofrece en dos comprobaciones separadas, no entró y queda
libre. Si TuoTempo no contesta, se sigue sin saber.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson
import structlog
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.citas import dar_por_confirmada
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.cita import HuecoInvalido, leer
from tuotempo_leads.dominio.fechas import de_utc
from tuotempo_leads.infraestructura import citas
from tuotempo_leads.infraestructura.proveedor import Proveedor
from tuotempo_leads.infraestructura.tuotempo import clasificar, resultados

REPOSO = timedelta(minutes=1)  # entre dos miradas: una reserva lenta puede tardar en verse
MUERTA = timedelta(minutes=5)  # una en curso desde hace más perdió su proceso
MIRADAS = 2  # veces que el hueco ha de seguir libre para darla por perdida
POR_TANDA = 20
IDIOMA = "es"

Veredicto = Literal["libre", "ocupado", "no_se_sabe"]


class Conciliacion:
    def __init__(self, bd: BaseDeDatos, proveedor: Proveedor, zona: ZoneInfo) -> None:
        self._bd, self._proveedor, self._zona = bd, proveedor, zona

    def una_tanda(self) -> int:
        """Mira las citas a las que les toca y dice cuántas eran."""
        momento = ahora()
        with self._bd.lectura() as conexion:
            pendientes = citas.por_conciliar(conexion, momento - REPOSO, momento - MUERTA, momento, POR_TANDA)
        for cita in pendientes:
            self._anotar(cita, self._mirar(cita))
        return len(pendientes)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Colector de Prometheus: las citas sin respuesta; ninguna serie si la base no contesta."""
        momento = ahora()
        with suppress(SQLAlchemyError), self._bd.lectura() as conexion:
            cuantas, desde = citas.sin_respuesta(conexion, momento)
            segundos = (momento - desde).total_seconds() if desde else 0.0
            yield GaugeMetricFamily("citas_desconocidas", "Citas que no se sabe si se reservaron", cuantas)
            yield GaugeMetricFamily(
                "citas_desconocidas_segundos", "Desde cuándo no se sabe de la más antigua", segundos
            )

    def _mirar(self, cita: Any) -> Veredicto:
        dia = de_utc(cita.inicio, self._zona)
        cliente = self._proveedor.cliente(IDIOMA, cita.entorno)
        respuesta = cliente.get_available_slots(
            cita.actividad_id, cita.area_id, dia.date(), resource_id=cita.recurso_id
        )
        # Sin ningún hueco no se puede distinguir «todo ocupado» de «no lo sé»: TuoTempo contesta lo mismo.
        ofrecidos = resultados(respuesta, "availabilities")
        if clasificar(respuesta) is not None or not ofrecidos:
            return "no_se_sabe"
        try:
            # Por su identidad y no por sus textos: quien lo pidió pudo escribir la fecha de otra manera.
            suyo, *libres = (
                leer(hueco, cita.entorno, self._zona).identidad
                for hueco in (orjson.loads(cita.disponibilidad), *ofrecidos)
            )
        except HuecoInvalido:
            return "no_se_sabe"
        return "libre" if suyo in libres else "ocupado"

    def _anotar(self, cita: Any, veredicto: Veredicto) -> None:
        momento = ahora()
        miradas = cita.comprobaciones + (1 if veredicto == "libre" else 0)
        valores: dict[str, Any] = {"comprobaciones": miradas, "comprobada_en": momento}
        with self._bd.escritura() as conexion:
            if veredicto == "ocupado":
                dar_por_confirmada(conexion, cita, self._zona, motivo="CONCILIADA", **valores)
            elif veredicto == "libre" and miradas >= MIRADAS:
                perdida = {"estado": "rechazada", "hueco_ocupado": None, "motivo": "NO_SE_RESERVO"}
                citas.cambiar(conexion, cita.id, citas.PENDIENTES, momento, **perdida, **valores)
            else:
                citas.cambiar(conexion, cita.id, citas.PENDIENTES, momento, estado="desconocida", **valores)
        structlog.get_logger().info("cita_conciliada", cita=cita.id, hueco=veredicto, miradas=miradas)
