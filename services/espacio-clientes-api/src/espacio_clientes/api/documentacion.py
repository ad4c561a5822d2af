"""Swagger UI en `/docs` y ReDoc en `/redoc`, con todos sus ficheros servidos desde aquí y sin guiones en la página.

Las direcciones son relativas para que valgan también detrás del gateway, y el gateway no deja ejecutar guiones
escritos dentro del HTML: por eso no sirven las páginas que trae FastAPI.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException

from espacio_clientes.api.errores import en_json

_FICHEROS = Path(str(files("fastapi_offline").joinpath("static")))
_SERVIDOS = {fichero.name: fichero for fichero in _FICHEROS.iterdir() if fichero.is_file()}
_CABEZA = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Espacio Clientes · API</title><link rel="icon" type="image/png" href="docs/favicon.png">"""
_SWAGGER = f"""{_CABEZA}<link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><main id="swagger-ui"></main><script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/inicio.js"></script></body></html>"""
_REDOC = f"""{_CABEZA}<style>body {{ margin: 0 }}</style></head>
<body><redoc spec-url="openapi.json" disable-search></redoc>
<script src="docs/redoc.standalone.js"></script></body></html>"""
_INICIO = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  tryItOutEnabled: true, displayRequestDuration: true, validatorUrl: null,
});"""

_GUION_DE_REDOC = "redoc.standalone.js"
_CACHE = {"Cache-Control": "public, max-age=86400"}

rutas = APIRouter(include_in_schema=False)


@rutas.get("/openapi.json")
async def openapi(peticion: Request) -> Response:
    # Lo que depende de por dónde se entra: el gateway pone su prefijo y no deja pasar a `/health/ready`.
    documento = peticion.app.openapi()
    cerradas = {"/health/ready"} if "X-Forwarded-Host" in peticion.headers else ()
    rutas = {ruta: camino for ruta, camino in documento["paths"].items() if ruta not in cerradas}
    servidor = peticion.scope.get("root_path") or "/"
    return en_json({**documento, "paths": rutas, "servers": [{"url": servidor}]}, 200)


@rutas.get("/docs")
async def swagger() -> HTMLResponse:
    return HTMLResponse(_SWAGGER)


@rutas.get("/redoc")
async def redoc() -> HTMLResponse:
    return HTMLResponse(_REDOC)


@rutas.get("/docs/inicio.js")
async def inicio() -> Response:
    return Response(_INICIO, media_type="text/javascript")


@rutas.get("/docs/{fichero}")
async def recurso(fichero: str) -> Response:
    if fichero not in _SERVIDOS:
        raise HTTPException(404)
    if fichero == _GUION_DE_REDOC:
        return Response(_redoc_sin_red(), media_type="text/javascript", headers=_CACHE)
    return FileResponse(_SERVIDOS[fichero], headers=_CACHE)


@cache
def _redoc_sin_red() -> bytes:
    """El guion de ReDoc tal cual, salvo que su logotipo ya no se pide a una red ajena."""
    guion = _SERVIDOS[_GUION_DE_REDOC].read_bytes()
    return guion.replace(b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"docs/favicon.png")
