"""El proceso trabajador de un servicio: relay y consumidores, con su propia salud y sus métricas.

`python -m <paquete>.trabajador` trabaja; con `muertas` lista los eventos muertos, con `reintentar [id]` los devuelve;
con `pausar <segundos>` y `reanudar`, detiene un rato el reparto de todos los trabajadores de esta base.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

import orjson
import structlog
from werkzeug.serving import BaseWSGIServer, make_server

from chasis import registros, trazas
from chasis.config import AjustesBase
from chasis.eventos import muertas, pausa
from chasis.eventos.servicio import Eventos
from chasis.web import Servicio, crear_app

PLAZO_DE_PARADA = 15.0  # segundos


def ejecutar(eventos: Eventos, ajustes: AjustesBase) -> None:
    """Cuerpo de `trabajador.py` de cada servicio."""
    orden, *resto = sys.argv[1:] or ["trabajar"]
    if orden == "muertas":
        for muerta in muertas.listar(eventos.bd):
            print(orjson.dumps({"servicio": eventos.servicio, **muerta}).decode())  # noqa: T201
    elif orden == "reintentar":
        cuenta = {"servicio": eventos.servicio, "devueltos": muertas.reintentar(eventos.bd, *resto[:1])}
        print(orjson.dumps(cuenta).decode())  # noqa: T201
    elif orden == "pausar":
        pausa.pausar(eventos.bd, float(resto[0]))
    elif orden == "reanudar":
        pausa.reanudar(eventos.bd)
    else:
        _trabajar(eventos, ajustes)


def _trabajar(eventos: Eventos, ajustes: AjustesBase) -> None:
    nombre, fin = f"{eventos.servicio}-trabajador", threading.Event()
    registros.configurar(nombre, ajustes.formato_registros, ajustes.nivel_registros)
    trazas.configurar(nombre, ajustes.trazas)
    for senal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(senal, lambda *_: fin.set())
    servidor = _servir_salud(eventos, ajustes, nombre) if ajustes.puerto_del_trabajador else None
    hilos = eventos.lanzar(fin)
    structlog.get_logger().info("trabajador_en_marcha", temas=eventos.recepcion.temas)
    fin.wait()
    for hilo in hilos:
        hilo.join(PLAZO_DE_PARADA / len(hilos))
    if eventos.con_pulsar:
        eventos.pulsar.cerrar()
    if servidor:
        servidor.shutdown()


def _servir_salud(eventos: Eventos, ajustes: AjustesBase, nombre: str) -> BaseWSGIServer:
    comprobaciones: dict[str, Any] = {"base_de_datos": eventos.bd.comprobar, "eventos": eventos.al_dia}
    servicio = Servicio(
        nombre=nombre,
        distribucion="centralita-chasis",
        titulo=nombre,
        descripcion="Relay y consumidores de eventos.",
        dialecto=lambda error: {"error": error.texto},
        claves_de_error=("error",),
        comprobaciones=comprobaciones,
    )
    app = crear_app(servicio, ajustes)
    app.extensions["colectores"] = (eventos,)
    servidor = make_server(ajustes.anfitrion, ajustes.puerto_del_trabajador, app, threaded=True)
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    return servidor
