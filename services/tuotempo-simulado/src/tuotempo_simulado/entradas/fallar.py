"""Aplica el fallo encendido a la petición en curso, antes o después de atenderla.

`lento`, `html`, `502` y `excepcion` llegan antes: no hay efecto. `timeout` y `truncado` llegan después: el efecto ya
ha tenido lugar y quien llama no lo sabe.
"""

from __future__ import annotations

import time

from flask import Response, current_app, g, request

from chasis.web import respuesta
from tuotempo_simulado.aplicacion.fallos import Fallo, Fallos
from tuotempo_simulado.dominio.errores import PLAZO_DEL_PORTAL, Excepcion
from tuotempo_simulado.entradas.formato import sobre

_PAGINA = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_MS_DEL_PORTAL = 25_018  # lo que dice haber esperado el portal cuando se rinde


def antes() -> Response | None:
    g.ms = current_app.config["LATENCIA_MS"]
    fallo: Fallo | None = _fallos().tomar(request.path.split("/")[4])
    g.fallo = fallo
    if fallo and fallo.fallo == "lento":
        g.ms += round(fallo.segundos * 1000)
    time.sleep(current_app.config["LATENCIA_MS"] / 1000)
    return _en_lugar_de(fallo) if fallo else None


def despues(contestacion: Response) -> Response:
    fallo: Fallo | None = g.get("fallo")
    if fallo and fallo.fallo == "timeout":
        _fallos().esperar(fallo.segundos)
    elif fallo and fallo.fallo == "truncado":
        entero = contestacion.get_data()
        contestacion.set_data(entero[: len(entero) // 2])
    return contestacion


def _en_lugar_de(fallo: Fallo) -> Response | None:
    """La respuesta que se da sin llegar a atender la petición, si el fallo es de esos."""
    if fallo.fallo == "lento":
        _fallos().esperar(fallo.segundos)
    elif fallo.fallo == "html":
        return Response(_PAGINA.format("Mantenimiento"), mimetype="text/html")
    elif fallo.fallo == "502":
        return Response(_PAGINA.format("502 Bad Gateway"), 502, mimetype="text/html")
    elif fallo.fallo == "excepcion":
        if fallo.codigo == PLAZO_DEL_PORTAL:
            g.ms = _MS_DEL_PORTAL
        return respuesta(sobre.excepcion(Excepcion(fallo.codigo, fallo.msg)))
    return None


def _fallos() -> Fallos:
    fallos: Fallos = current_app.extensions["fallos"]
    return fallos
