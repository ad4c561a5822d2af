"""Raíz de composición de tuotempo-simulado."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from apiflask import APIFlask

from chasis.web import Servicio, crear_app as crear_app_base
from tuotempo_simulado.aplicacion.agenda import Agenda
from tuotempo_simulado.aplicacion.fallos import Fallos
from tuotempo_simulado.config import Ajustes
from tuotempo_simulado.dominio.huecos import ZONA
from tuotempo_simulado.entradas import control, http
from tuotempo_simulado.entradas.formato.sobre import excepcion


def hora_de_las_clinicas() -> datetime:
    return datetime.now(ZONA).replace(tzinfo=None)


def crear_app(ajustes: Ajustes, ahora: Callable[[], datetime] = hora_de_las_clinicas) -> APIFlask:
    """Aplicación WSGI lista para servir; su estado vive en ella y muere con ella."""
    agenda = Agenda(ahora)
    servicio = Servicio(
        nombre="simulado",
        distribucion="tuotempo-simulado",
        titulo="TuoTempo simulado",
        descripcion="Un doble de la API v3 de TuoTempo, con fallos que se encienden y se apagan.",
        dialecto=excepcion,
        claves_de_error=("result", "msg", "exception"),
        comprobaciones={"agenda": agenda.resumen},
    )
    app = crear_app_base(servicio, ajustes)
    app.extensions |= {"agenda": agenda, "fallos": Fallos()}
    app.config["LATENCIA_MS"] = ajustes.latencia_ms
    app.register_blueprint(http.rutas, url_prefix=f"/api/v3/{ajustes.instancia}")
    app.register_blueprint(control.rutas)
    return app
