"""La aplicación Flask de un servicio, con lo que la casa promete para todos."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import orjson
from apiflask import APIFlask
from flask.json.provider import JSONProvider

from chasis import registros, trazas
from chasis.config import AjustesBase
from chasis.errores import Dialecto
from chasis.salud import Comprobacion
from chasis.web import documentacion, fallos, salud
from chasis.web.entrada import Entrada, ProxyDeConfianza
from chasis.web.nombres import NombreLibre
from chasis.web.peticion import Peticion
from chasis.web.respuestas import respuesta

LIMITE_DEL_CUERPO = 1024 * 1024  # bytes


@dataclass(frozen=True)
class Servicio:
    """Lo que distingue a un servicio de los demás a ojos del chasis."""

    nombre: str
    distribucion: str
    titulo: str
    descripcion: str
    dialecto: Dialecto
    claves_de_error: tuple[str, ...]
    comprobaciones: dict[str, Comprobacion] = field(default_factory=dict)
    limite_del_cuerpo: int = LIMITE_DEL_CUERPO


def crear_app(servicio: Servicio, ajustes: AjustesBase) -> APIFlask:
    """Crea la aplicación: JSON estricto, errores, registros, salud, métricas y documentación."""
    registros.configurar(servicio.nombre, ajustes.formato_registros, ajustes.nivel_registros)
    trazas.configurar(servicio.nombre, ajustes.trazas)
    app = APIFlask(
        servicio.distribucion,
        title=servicio.titulo,
        version=version(servicio.distribucion),
        spec_path=None,
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
    )
    app.description = servicio.descripcion
    app.json = JsonRapido(app)
    app.request_class = Peticion
    app.url_map.merge_slashes = False
    app.url_map.converters["nombre"] = NombreLibre
    app.config["MAX_CONTENT_LENGTH"] = servicio.limite_del_cuerpo
    proxy = ProxyDeConfianza(app.wsgi_app, ajustes.proxies)
    app.wsgi_app = Entrada(proxy)  # type: ignore[method-assign]
    fallos.instalar(app, servicio.dialecto)
    salud.instalar(app, servicio.nombre, servicio.comprobaciones)
    documentacion.instalar(app, servicio.claves_de_error)
    return app


class JsonRapido(JSONProvider):
    """orjson en lugar del `json` de la biblioteca estándar: mismo resultado, menos tiempo."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        return respuesta(self._prepare_response_obj(args, kwargs))
