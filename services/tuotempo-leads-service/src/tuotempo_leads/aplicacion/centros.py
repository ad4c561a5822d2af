"""El catálogo de centros: cambia poco y TuoTempo tarda segundos en dar sus 350 kB, así que se recuerda un día."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.aplicacion.tuotempo import ErrorDeTuoTempo, Respuesta, exigir_correcta
from tuotempo_leads.infraestructura import catalogos
from tuotempo_leads.infraestructura.proveedor import Proveedor
from tuotempo_leads.infraestructura.tuotempo import resultados

VIGENCIA = timedelta(hours=24)
TREGUA = 30.0  # segundos sin volver a preguntar a TuoTempo después de un fallo, si hay algo que servir


@dataclass(frozen=True)
class Copia:
    """Una respuesta buena de `/areas` y cuándo se trajo (UTC)."""

    respuesta: Respuesta
    traida_en: datetime

    def es_reciente(self, ahora: datetime) -> bool:
        return ahora - self.traida_en < VIGENCIA


class Catalogo:
    """Copias en memoria y en la base de datos, por entorno e idioma; compartido por todos los hilos."""

    def __init__(
        self, bd: BaseDeDatos, proveedor: Proveedor, reloj: Callable[[], datetime] | None = None
    ) -> None:
        self._bd, self._proveedor = bd, proveedor
        self._ahora = reloj or ahora
        self._copias: dict[str, Copia] = {}
        self._turnos: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._tregua: dict[str, float] = {}

    def obtener(self, idioma: str, entorno: str) -> tuple[Respuesta, bool]:
        """Respuesta de `/areas`, y si es antigua porque TuoTempo no da otra. Sin ninguna copia, `ErrorDeTuoTempo`."""
        clave = f"{entorno}/{idioma}"
        copia = self._copia(clave)
        if copia and copia.es_reciente(self._ahora()):
            return copia.respuesta, False
        if copia and (time.monotonic() < self._tregua.get(clave, 0) or self._turnos[clave].locked()):
            return copia.respuesta, True  # nadie espera segundos por algo que ya tiene
        with self._turnos[clave]:
            return self._renovar(clave, idioma, entorno)

    def renovar_clinicas(self, idioma: str, entorno: str) -> int:
        """Rehace el directorio de clínicas y dice cuántas hay; si TuoTempo falla, sirven las de antes."""
        respuesta, _ = self.obtener(idioma, entorno)
        return catalogos.reemplazar_clinicas(self._bd, resultados(respuesta), self._ahora())

    def _renovar(self, clave: str, idioma: str, entorno: str) -> tuple[Respuesta, bool]:
        copia = self._copia(clave)
        if copia and copia.es_reciente(self._ahora()):
            return copia.respuesta, False  # la trajo quien tenía el turno
        try:
            respuesta = exigir_correcta(self._proveedor.cliente(idioma, entorno).get_centers())
        except ErrorDeTuoTempo as fallo:
            if copia is None:
                raise
            self._tregua[clave] = time.monotonic() + TREGUA
            structlog.get_logger().warning("catalogo_antiguo", texto=fallo.texto, traido=str(copia.traida_en))
            return copia.respuesta, True
        self._guardar(clave, respuesta)
        return respuesta, False

    def _guardar(self, clave: str, respuesta: Respuesta) -> None:
        nueva = Copia(respuesta, self._ahora())
        self._copias[clave] = nueva
        catalogos.guardar(self._bd, clave, orjson.dumps(respuesta).decode(), nueva.traida_en)

    def _copia(self, clave: str) -> Copia | None:
        """La de memoria si es reciente; si no, la de la base, que puede haber renovado otro proceso."""
        propia = self._copias.get(clave)
        if propia and propia.es_reciente(self._ahora()):
            return propia
        guardada = catalogos.leer(self._bd, clave)
        if guardada and (propia is None or guardada[1] > propia.traida_en):
            propia = self._copias[clave] = Copia(orjson.loads(guardada[0]), guardada[1])
        return propia


def con_resultados(respuesta: Respuesta, nuevos: list[Any]) -> Respuesta:
    """El mismo sobre con otros `return.results`."""
    return {**respuesta, "return": {**respuesta["return"], "results": nuevos}}
