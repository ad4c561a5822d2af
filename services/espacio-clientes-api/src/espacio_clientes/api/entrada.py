"""Lo primero que encuentra una petición (ASGI): identidad, límite de cuerpo, línea de registro y métricas.

La línea lleva la regla de la ruta y no la dirección: documento, usuario y sesión viajan en la consulta.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chasis import contexto, metricas, trazas
from espacio_clientes.api.errores import en_json

LIMITE_DEL_CUERPO = 1024 * 1024  # bytes
_METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SIN_ANOTAR = ("/health", "/metrics")  # las preguntan sin parar y no dicen nada


class Entrada:
    def __init__(self, app: ASGIApp, prefijo: str) -> None:
        self._app, self._prefijo = app, prefijo
        self._registro = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._prefijo and scope["path"].startswith(self._prefijo + "/"):
            scope["root_path"] = self._prefijo  # por el gateway: los enlaces deben volver por el mismo camino
        inicio, estado = time.perf_counter(), 500
        cabeceras = Headers(scope=scope)
        identificador = contexto.iniciar(cabeceras.get("x-request-id"), cabeceras.get("traceparent"))
        empezada, direccion = False, scope["path"].removeprefix(scope.get("root_path", ""))

        async def enviar(mensaje: Message) -> None:
            nonlocal estado, empezada
            if mensaje["type"] == "http.response.start":
                estado, empezada = mensaje["status"], True
                propias = MutableHeaders(scope=mensaje)
                propias[contexto.CABECERA_PETICION] = identificador
                propias[contexto.CABECERA_TRAZA] = contexto.traza.get()
            await send(mensaje)

        with trazas.peticion(direccion) as tramo:
            try:
                if _declarado(cabeceras) > LIMITE_DEL_CUERPO:
                    await en_json({"detail": "Cuerpo demasiado grande"}, 413)(scope, receive, enviar)
                else:
                    await self._app(scope, _con_limite(receive), enviar)
            except Exception as fallo:  # noqa: BLE001 — lo que nadie previó también se contesta y se anota
                self._registro.error("fallo_inesperado", exc_info=fallo)
                if not empezada:
                    await en_json({"detail": "Error interno del servidor"}, 500)(scope, receive, enviar)
            finally:
                self._anotar(scope, estado, time.perf_counter() - inicio, tramo)

    def _anotar(self, scope: Scope, estado: int, segundos: float, tramo: Any) -> None:
        ruta = getattr(scope.get("route"), "path", "(ninguna)")
        metodo = scope["method"] if scope["method"] in _METODOS else "OTRO"
        metricas.anotar(metodo, ruta, estado, segundos)
        trazas.contestada(tramo, metodo, ruta, estado)
        if not ruta.startswith(_SIN_ANOTAR):
            self._registro.info(
                "peticion", metodo=metodo, ruta=ruta, estado=estado, ms=round(segundos * 1000, 2)
            )


def callar_a_uvicorn() -> None:
    """Su línea de acceso lleva la dirección entera, con documentos y usuarios: la nuestra la sustituye."""
    accesos = logging.getLogger("uvicorn.access")
    accesos.handlers.clear()
    accesos.propagate = False


def _declarado(cabeceras: Headers) -> int:
    valor = cabeceras.get("content-length", "0")
    return int(valor) if valor.isdecimal() else 0


def _con_limite(receive: Receive) -> Receive:
    """Un cuerpo por trozos no declara su tamaño: se cuenta según llega."""
    recibido = 0

    async def recibir() -> Message:
        nonlocal recibido
        mensaje = await receive()
        recibido += len(mensaje.get("body", b""))
        if recibido > LIMITE_DEL_CUERPO:
            raise HTTPException(413)
        return mensaje

    return recibir
