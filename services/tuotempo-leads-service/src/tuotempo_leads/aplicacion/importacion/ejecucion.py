"""Hacer una importación: traer el fichero, leerlo y volcarlo en una sola transacción.

Mientras se lee no se toca nada. El volcado, los recuentos, las filas rechazadas, la línea del historial y el evento
se confirman juntos: si el proceso muere a medias no ha pasado nada, y quien la retome empieza de cero.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.importacion.cierre import cerrar
from tuotempo_leads.aplicacion.importacion.exclusiones import EXCLUIR, VolcadoDeExclusiones
from tuotempo_leads.aplicacion.importacion.volcado import Volcado
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import importaciones as trabajos
from tuotempo_leads.infraestructura.hojas.descarga import Descargador
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido
from tuotempo_leads.infraestructura.hojas.lectura import Lectura, leer

VIGENCIA = timedelta(seconds=30)  # tras lo que otro proceso da por muerto al que importaba
_CADA = 1.0  # segundos entre dos anotaciones del progreso
CANCELADA = "Cancelada: no se ha cambiado nada."
SIN_FILAS_VALIDAS = (
    "Ninguna fila se puede importar, así que no se ha cambiado nada: revisa las filas rechazadas."
)
FALLO_DE_BASE = "Error de base de datos: no se ha cambiado nada; inténtalo de nuevo."
FALLO_INTERNO = "No se ha podido terminar por un fallo interno y no se ha cambiado nada; inténtalo de nuevo."


class Cancelada(Exception):
    """Alguien pidió que se cancelara."""


class TurnoPerdido(Exception):
    """Otro proceso nos dio por muertos y la está haciendo él."""


class _NadaImportable(Exception):
    """Deshace un volcado que no encontró ninguna fila que importar."""

    def __init__(self, volcado: Volcado | VolcadoDeExclusiones) -> None:
        super().__init__()
        self.volcado = volcado


@dataclass
class Ejecucion:
    """Una importación en manos de un trabajador que tiene el turno. `zona` es la de las horas de la hoja."""

    bd: BaseDeDatos
    carpeta: Path
    zona: str
    trabajo: Mapping[str, Any]
    trabajador: str
    descargador: Descargador
    _siguiente: float = 0.0
    _inicio: float = field(default_factory=time.monotonic)

    def hacer(self) -> None:
        """La lleva hasta el final, sea el que sea; solo si perdió el turno la deja abierta."""
        try:
            with tempfile.TemporaryDirectory(prefix="trabajo-", dir=self.carpeta) as temporal:
                self._intentar(Path(temporal))
        except TurnoPerdido:
            structlog.get_logger().warning("importacion_en_otras_manos", importacion=self._id)
        except Cancelada:
            self._fracasar(CANCELADA, estado=trabajos.CANCELADA)
        except FicheroInvalido as fallo:
            self._fracasar(str(fallo))
        except Exception as fallo:  # noqa: BLE001 — el trabajo tiene que quedar cerrado, y el motivo, en el registro
            structlog.get_logger().exception("importacion_fallida", importacion=self._id)
            self._fracasar(FALLO_DE_BASE if isinstance(fallo, SQLAlchemyError) else FALLO_INTERNO)

    @property
    def _id(self) -> str:
        return str(self.trabajo["id"])

    def _intentar(self, carpeta: Path) -> None:
        self._seguir()
        ruta = self._fichero(carpeta)
        nombre, campos = str(self.trabajo["archivo"]), self.trabajo["correspondencia"]
        lectura = leer(ruta, nombre, carpeta, self.zona, self._latir, campos=campos)
        self._anotar(estado=trabajos.GUARDANDO)
        try:
            if self.trabajo["simular"]:
                with self.bd.lectura() as conexion:
                    volcado = self._volcar(conexion, lectura)
                self._cerrar_simulacion(volcado, lectura)
            else:
                self._guardar(lectura)
        except _NadaImportable as nada:
            self._fracasar(SIN_FILAS_VALIDAS, volcado=nada.volcado, lectura=lectura)

    def _fichero(self, carpeta: Path) -> Path:
        if ruta := self.trabajo["ruta"]:
            return Path(ruta)
        destino = carpeta / "descargado"
        self.descargador.traer(str(self.trabajo["url"]), destino, lambda: self._latir(0, None))
        return destino

    def _guardar(self, lectura: Lectura) -> None:
        with self.bd.escritura() as conexion:
            # Renovado aquí dentro, el turno es nuestro hasta confirmar: nadie puede volcarla a la vez.
            self._renovar(conexion)
            volcado = self._volcar(conexion, lectura)
            cerrar(conexion, self.trabajo, trabajos.TERMINADA, volcado=volcado, lectura=lectura)

    def _cerrar_simulacion(self, volcado: Volcado | VolcadoDeExclusiones, lectura: Lectura) -> None:
        with self.bd.escritura() as conexion:
            self._renovar(conexion)
            cerrar(conexion, self.trabajo, trabajos.TERMINADA, volcado=volcado, lectura=lectura)

    def _fracasar(self, motivo: str, *, estado: str = trabajos.FALLIDA, **leido: Any) -> None:
        with self.bd.escritura() as conexion:
            if trabajos.renovar_turno(conexion, self.trabajador, ahora(), VIGENCIA):
                cerrar(conexion, self.trabajo, estado, motivo, **leido)

    def _de_su_modo(self, conexion: Connection) -> Volcado | VolcadoDeExclusiones:
        trabajo = self.trabajo
        if trabajo["modo"] == EXCLUIR:
            comunes = {"origen": trabajo["lista"], "motivo": trabajo["motivo"], "fecha": ahora()}
            return VolcadoDeExclusiones(conexion, {**comunes, "usuario_id": trabajo["usuario_id"]})
        modo, archivo = trabajo["modo"], trabajo["archivo"]
        return Volcado(conexion, modo, archivo, ahora(), escribir=not trabajo["simular"])

    def _volcar(self, conexion: Connection, lectura: Lectura) -> Volcado | VolcadoDeExclusiones:
        volcado = self._de_su_modo(conexion)
        volcado.hacer(lectura, self._seguir)
        if not volcado.recuento.importables:
            raise _NadaImportable(volcado)
        return volcado

    def _latir(self, procesadas: int, total: int | None) -> None:
        """Una vez por segundo: anota el progreso, conserva el turno y mira si hay que dejarlo."""
        if time.monotonic() >= self._siguiente or (total is not None and procesadas == total):
            ritmo = procesadas / max(0.001, time.monotonic() - self._inicio)
            self._anotar(procesadas=procesadas, total=total, filas_por_segundo=ritmo)

    def _anotar(self, **progreso: Any) -> None:
        self._siguiente = time.monotonic() + _CADA
        with self.bd.escritura() as conexion:
            self._renovar(conexion)
            trabajos.avanzar(conexion, self._id, **progreso)
        self._seguir()

    def _seguir(self) -> None:
        with self.bd.lectura() as conexion:
            if trabajos.por_cancelar(conexion, self._id):
                raise Cancelada

    def _renovar(self, conexion: Connection) -> None:
        if not trabajos.renovar_turno(conexion, self.trabajador, ahora(), VIGENCIA):
            raise TurnoPerdido
