"""Swagger UI en `/docs` y ReDoc en `/redoc`, con todos sus ficheros servidos desde aquí y sin guiones en la página.

Las direcciones son relativas para que valgan también detrás del gateway, y el gateway no deja ejecutar guiones
escritos dentro del HTML: por eso no sirven las páginas que trae FastAPI.
"""

from __future__ import annotations

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

rutas = APIRouter(include_in_schema=False)


@rutas.get("/openapi.json")
async def openapi(peticion: Request) -> Response:
    return en_json(
        {**peticion.app.openapi(), "servers": [{"url": peticion.scope.get("root_path") or "/"}]}, 200
    )


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
async def recurso(fichero: str) -> FileResponse:
    if fichero not in _SERVIDOS:
        raise HTTPException(404)
    return FileResponse(_SERVIDOS[fichero], headers={"Cache-Control": "public, max-age=86400"})
