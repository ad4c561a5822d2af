"""Quién hace las importaciones: un hilo junto al proceso web o el trabajador, y solo uno a la vez por base de datos.

El turno es una fila con caducidad. Quien lo toma hace la más antigua de las que esperan o de las que alguien dejó a
medias: como solo importa quien tiene el turno, una empezada por otro es que aquel murió.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion.importacion.cierre import cerrar
from tuotempo_leads.aplicacion.importacion.ejecucion import VIGENCIA, Ejecucion
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import importaciones as trabajos
from tuotempo_leads.infraestructura.hojas.descarga import Descargador

_ESPERA = 1.0  # segundos entre dos miradas a la cola, si nadie avisa antes
_INTENTOS = 3
_SIN_FICHERO = timedelta(hours=1)  # puede estar en el disco de otra réplica; pasado esto, se perdió
INTERRUMPIDA = (
    f"Se ha interrumpido {_INTENTOS} veces sin llegar al final: divide el fichero y vuelve a intentarlo."
)
PERDIDO = "El fichero recibido ya no está: vuelve a subirlo."


@dataclass
class Corredor:
    """Hace las importaciones que esperan. `carpeta` guarda los ficheros recibidos; `zona`, la de sus horas."""

    bd: BaseDeDatos
    carpeta: Path
    zona: str
    descargador: Descargador = field(default_factory=Descargador)
    _aviso: threading.Event = field(default_factory=threading.Event)

    def avisar(self) -> None:
        """Hay una nueva: que no espere a la próxima mirada."""
        self._aviso.set()

    def en_segundo_plano(self, fin: threading.Event | None = None) -> threading.Thread:
        """Las hace en un hilo que no retiene al proceso; acaba cuando se pone `fin`."""
        hilo = threading.Thread(target=self._trabajar, args=(fin or threading.Event(),), daemon=True)
        hilo.start()
        return hilo

    def una(self) -> bool:
        """Hace la siguiente, si la hay y nadie más está importando; dice si hizo algo."""
        turno = _nuevo_turno()
        if self._siguiente() is None or not self._tomar(turno):
            return False
        try:
            trabajo = self._siguiente()
            if trabajo is None:
                return False
            self._limpiar()
            if motivo := self._imposible(trabajo):
                with self.bd.escritura() as conexion:
                    cerrar(conexion, trabajo, trabajos.FALLIDA, motivo)
            else:
                self._hacer(trabajo, turno)
            self._olvidar_fichero(trabajo)
            return True
        finally:
            with self.bd.escritura() as conexion:
                trabajos.soltar_turno(conexion, turno)

    def hasta_que_acabe(self, importacion_id: str, plazo: float) -> dict[str, Any] | None:
        """La hace (o espera a quien la haga) y la devuelve cerrada; `None` si en `plazo` segundos no ha acabado."""
        limite = time.monotonic() + plazo
        while time.monotonic() < limite:
            with self.bd.lectura() as conexion:
                trabajo = trabajos.obtener(conexion, importacion_id)
            if trabajo is None or trabajo["estado"] not in trabajos.ABIERTAS:
                return trabajo
            if not self.una():
                time.sleep(0.1)
        return None

    def _trabajar(self, fin: threading.Event) -> None:
        while not fin.is_set():
            try:
                while not fin.is_set() and self.una():
                    pass
            except Exception:  # noqa: BLE001 — la base de datos puede faltar un rato; el hilo sigue
                structlog.get_logger().exception("importaciones_paradas")
            self._aviso.wait(_ESPERA)
            self._aviso.clear()

    def _siguiente(self) -> dict[str, Any] | None:
        with self.bd.lectura() as conexion:
            abiertas = trabajos.abiertas(conexion)
        return next((trabajo for trabajo in abiertas if _a_mano(trabajo)), None)

    def _tomar(self, turno: str) -> bool:
        with self.bd.escritura() as conexion:
            trabajos.preparar_turno(conexion)
            return trabajos.tomar_turno(conexion, turno, ahora(), VIGENCIA)

    def _imposible(self, trabajo: dict[str, Any]) -> str | None:
        if trabajo["ruta"] and not Path(trabajo["ruta"]).exists():
            return PERDIDO
        return INTERRUMPIDA if trabajo["intentos"] >= _INTENTOS else None

    def _hacer(self, trabajo: dict[str, Any], turno: str) -> None:
        with self.bd.escritura() as conexion:
            trabajos.empezar(conexion, trabajo["id"], turno, ahora())
        Ejecucion(self.bd, self.carpeta, self.zona, trabajo, turno, self.descargador).hacer()

    def _olvidar_fichero(self, trabajo: dict[str, Any]) -> None:
        with self.bd.lectura() as conexion:
            actual = trabajos.obtener(conexion, trabajo["id"])
        if trabajo["ruta"] and (actual is None or actual["estado"] not in trabajos.ABIERTAS):
            Path(trabajo["ruta"]).unlink(missing_ok=True)

    def _limpiar(self) -> None:
        """Quita lo que dejó un proceso que murió: con el turno en la mano, ninguna carpeta es de nadie."""
        self.carpeta.mkdir(parents=True, exist_ok=True)
        for resto in self.carpeta.glob("trabajo-*"):
            shutil.rmtree(resto, ignore_errors=True)


def _a_mano(trabajo: dict[str, Any]) -> bool:
    esperado = ahora() - trabajo["creada_en"] > _SIN_FICHERO
    return not trabajo["ruta"] or Path(trabajo["ruta"]).exists() or esperado


def _nuevo_turno() -> str:
    """Uno por intento: dos hilos del mismo proceso (el de fondo y una petición) tampoco lo comparten."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"[-100:]
