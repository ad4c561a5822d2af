"""OpenAPI 3.1 en `/openapi.json` y Swagger UI en `/docs`, con todos sus ficheros servidos desde aquí."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, render_template_string, request, send_from_directory

from chasis.web.idempotencia import CABECERA, Vista

_FICHEROS = str(files("flask_swagger_ui").joinpath("dist"))
_PROPIOS = Path(__file__).with_name("docs")
_PAGINA = (_PROPIOS / "pagina.html").read_text("utf-8")
_CLAVE_IDEMPOTENCIA = {
    "name": CABECERA,
    "in": "header",
    "required": False,
    "description": "Repetir la petición con la misma clave devuelve la primera respuesta, sin repetir el efecto",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~][ -~]*$"},
}
_POR_EL_CUERPO = {400: "Cuerpo no válido", 413: "Cuerpo demasiado grande", 415: "No es application/json"}
_SIN_CUERPO = {"204", "304"}
_POR_LA_CLAVE = {409: "La misma petición sigue en curso", 422: "La clave se usó con otra petición"}


def cuerpo_opcional(vista: Vista) -> Vista:
    """Una vista a la que se puede llamar sin cuerpo: lo lee como un objeto vacío."""
    vista.cuerpo_opcional = True  # type: ignore[attr-defined]
    return vista


def instalar(app: APIFlask, claves_de_error: tuple[str, ...]) -> None:
    """Registra las rutas; `claves_de_error` son las claves del objeto de error del servicio."""
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.config["AUTO_OPERATION_ID"] = True
    app.config["HTTP_ERROR_SCHEMA"] = {
        "type": "object",
        "properties": {clave: {"type": "string"} for clave in claves_de_error},
        "required": list(claves_de_error),
    }
    app.spec_processor(_completar)
    app.register_blueprint(_rutas())


def _rutas() -> APIBlueprint:
    rutas = APIBlueprint("documentacion", __name__, enable_openapi=False)

    @rutas.get("/openapi.json")
    def openapi() -> dict[str, Any]:
        # Lo que depende de por dónde se entra: el gateway pone su prefijo y no deja pasar a `/health/ready`.
        documento: dict[str, Any] = current_app.spec  # type: ignore[attr-defined]
        cerradas = {"/health/ready"} if "X-Forwarded-Host" in request.headers else ()
        rutas = {ruta: camino for ruta, camino in documento["paths"].items() if ruta not in cerradas}
        return {**documento, "paths": rutas, "servers": [{"url": request.script_root or "/"}]}

    @rutas.get("/docs")
    def docs() -> str:
        return render_template_string(_PAGINA, titulo=current_app.title)  # type: ignore[attr-defined]

    @rutas.get("/docs/<fichero>")
    def recursos(fichero: str) -> Response:
        carpeta = _PROPIOS if fichero == "inicio.js" else _FICHEROS
        return send_from_directory(carpeta, fichero, max_age=86400)

    return rutas


def _completar(documento: Any) -> Any:
    """Añade lo que vale para todas las operaciones: cuerpo obligatorio, sus errores y la clave de idempotencia."""
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPError"}}}
    for operacion, vista in _operaciones(documento):
        for estado in _SIN_CUERPO & operacion["responses"].keys():
            operacion["responses"][estado].pop("content", None)
        posibles: dict[int, str] = {}
        if "requestBody" in operacion:
            operacion["requestBody"]["required"] = not getattr(vista, "cuerpo_opcional", False)
            posibles |= _POR_EL_CUERPO
        if getattr(vista, "idempotente", False):
            operacion["parameters"].append(_CLAVE_IDEMPOTENCIA)
            posibles |= _POR_LA_CLAVE
        for estado, descripcion in posibles.items():
            operacion["responses"].setdefault(str(estado), {"description": descripcion, "content": error})
    esquemas = documento.setdefault("components", {}).setdefault("schemas", {})
    esquemas.setdefault("HTTPError", current_app.config["HTTP_ERROR_SCHEMA"])
    return documento


def _operaciones(documento: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    for regla in current_app.url_map.iter_rules():
        camino = documento["paths"].get(re.sub(r"<([^<:]+:)?", "{", regla.rule).replace(">", "}"), {})
        for metodo in regla.methods or ():
            if operacion := camino.get(metodo.lower()):
                yield operacion, current_app.view_functions[regla.endpoint]
