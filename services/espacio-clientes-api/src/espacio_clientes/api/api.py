"""Punto de entrada de la API: la aplicación FastAPI con sus rutas y lo que vale para todas."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from espacio_clientes.api import documentacion, errores
from espacio_clientes.api.entrada import Entrada, callar_a_uvicorn
from espacio_clientes.api.piezas import Piezas
from espacio_clientes.api.routes import acceso, carrito, deudas, operacion, pagos


def montar(piezas: Piezas, *, en_segundo_plano: bool) -> FastAPI:
    """La aplicación; con `en_segundo_plano` el proceso también concilia pagos y reparte eventos."""

    callar_a_uvicorn()

    @asynccontextmanager
    async def vida(_: FastAPI) -> AsyncIterator[None]:
        fin = threading.Event()
        hilos = list(_lanzar(piezas, fin)) if en_segundo_plano else []
        yield
        fin.set()
        for hilo in hilos:
            hilo.join(2)
        piezas.bd.cerrar()

    app = FastAPI(
        title="API Espacio Clientes",
        version=version("espacio-clientes-api"),
        description="Consulta de deudas, carrito, pagos y anulaciones.",
        openapi_url=None,  # la sirve `documentacion`, con la dirección por la que se entra
        docs_url=None,
        redoc_url=None,
        lifespan=vida,
    )
    app.state.piezas = piezas
    for modulo in (acceso, deudas, carrito, pagos, operacion, documentacion):
        app.include_router(modulo.rutas)
    errores.instalar(app)
    _proteger(app, piezas)
    return app


def _lanzar(piezas: Piezas, fin: threading.Event) -> Iterator[threading.Thread]:
    piezas.eventos.en_segundo_plano()
    conciliador = threading.Thread(target=piezas.conciliador.trabajar, args=(fin,), daemon=True)
    conciliador.start()
    yield conciliador


def _proteger(app: FastAPI, piezas: Piezas) -> None:
    """De dentro afuera: el último que se añade es el primero que ve la petición."""
    ajustes = piezas.ajustes
    app.add_middleware(
        CORSMiddleware,
        allow_origins=ajustes.origenes,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
        expose_headers=["Idempotent-Replayed", "Location", "Retry-After", "X-Request-ID"],
    )
    if ajustes.entorno == "production":
        app.add_middleware(SalvoSalud, anfitriones=ajustes.anfitriones)
    app.add_middleware(Entrada, prefijo=ajustes.prefijo)


class SalvoSalud:
    """En producción, solo nombres conocidos y HTTPS, menos la salud y las métricas, de dentro."""

    def __init__(self, app: ASGIApp, anfitriones: list[str]) -> None:
        self._directa = app
        self._protegida = TrustedHostMiddleware(HTTPSRedirectMiddleware(app), allowed_hosts=anfitriones)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Por el gateway la ruta llega con su prefijo, que está también en `root_path`.
        ruta = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        interna = ruta.startswith(("/health", "/metrics"))
        await (self._directa if interna else self._protegida)(scope, receive, send)
