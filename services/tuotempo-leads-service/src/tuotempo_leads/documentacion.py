"""`python -m tuotempo_leads.documentacion > API_DOCUMENTATION.md`: la referencia de la API, sacada de su OpenAPI."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tuotempo_leads.arranque import crear_app
from tuotempo_leads.config import Ajustes

_METODOS = ("get", "post", "put", "patch", "delete")
_DONDE = {"query": "consulta", "path": "ruta", "header": "cabecera"}


def escribir(openapi: dict[str, Any]) -> str:
    """Markdown con cada operación: para qué, qué recibe y qué contesta."""
    partes = [
        f"# {openapi['info']['title']}: referencia de la API\n",
        (
            "Generada del código con `python -m tuotempo_leads.documentacion > API_DOCUMENTATION.md`; no la edites "
            'a mano.\nTodos los errores son `{"success": false, "error": "…", "message": "…"}`. '
            "La misma referencia, para probarla, en `/docs`.\n"
        ),
    ]
    por_grupo: dict[str, list[str]] = {}
    for ruta, metodo, operacion in _operaciones(openapi):
        grupo = (operacion.get("tags") or ["Otras"])[0]
        por_grupo.setdefault(grupo, []).append(_operacion(openapi, ruta, metodo, operacion))
    for grupo, textos in por_grupo.items():
        partes += [f"## {grupo}\n", *textos]
    return "\n".join(partes)


def _operaciones(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for ruta, camino in sorted(openapi["paths"].items()):
        for metodo in _METODOS:
            if metodo in camino:
                yield ruta, metodo, camino[metodo]


def _operacion(openapi: dict[str, Any], ruta: str, metodo: str, operacion: dict[str, Any]) -> str:
    lineas = [f"### `{metodo.upper()} {ruta}`\n", f"{operacion.get('summary', '')}\n"]
    if descripcion := operacion.get("description"):
        lineas.append(f"{descripcion}\n")
    campos = [
        (p["name"], _DONDE[p["in"]], p.get("schema", {}), p.get("required", False), _texto(p))
        for p in operacion.get("parameters", ())
    ]
    campos += _del_cuerpo(openapi, operacion)
    if campos:
        lineas += ["| nombre | dónde | tipo | obligatorio | descripción |", "| --- | --- | --- | --- | --- |"]
        lineas += [
            f"| `{nombre}` | {donde} | {_tipo(openapi, esquema)} | {'sí' if falta else 'no'} | {texto} |"
            for nombre, donde, esquema, falta, texto in campos
        ]
        lineas.append("")
    lineas += ["| código | cuándo |", "| --- | --- |"]
    respuestas = sorted(operacion["responses"].items())
    lineas += [f"| `{codigo}` | {respuesta.get('description', '')} |" for codigo, respuesta in respuestas]
    return "\n".join(lineas) + "\n"


def _del_cuerpo(openapi: dict[str, Any], operacion: dict[str, Any]) -> list[tuple[str, str, Any, bool, str]]:
    contenido = operacion.get("requestBody", {}).get("content", {}).get("application/json")
    if not contenido:
        return []
    esquema = _resolver(openapi, contenido["schema"])
    obligatorios = esquema.get("required", ())
    return [
        (nombre, "cuerpo", campo, nombre in obligatorios, campo.get("description", ""))
        for nombre, campo in esquema.get("properties", {}).items()
    ]


def _resolver(openapi: dict[str, Any], esquema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in esquema:
        nombre = esquema["$ref"].rsplit("/", 1)[1]
        resuelto: dict[str, Any] = openapi["components"]["schemas"][nombre]
        return resuelto
    return esquema


def _texto(parametro: dict[str, Any]) -> str:
    return str(parametro.get("description") or parametro.get("schema", {}).get("description", ""))


def _tipo(openapi: dict[str, Any], esquema: dict[str, Any]) -> str:
    esquema = _resolver(openapi, esquema)
    if opciones := esquema.get("anyOf"):
        tipos = [_tipo(openapi, opcion) for opcion in opciones if opcion.get("type") != "null"]
        return " o ".join(dict.fromkeys(tipos))
    if "enum" in esquema:
        return ", ".join(f"`{valor}`" for valor in esquema["enum"] if valor != "")
    return str(esquema.get("const") or esquema.get("type", "cualquiera"))


def main() -> None:
    with tempfile.TemporaryDirectory() as carpeta:
        ajustes = Ajustes(
            _env_file=None,  # type: ignore[call-arg]
            directorio_datos=Path(carpeta),
            base_de_datos="",
            nivel_registros="ERROR",  # por la salida estándar va el documento
        )
        app = crear_app(ajustes)
        sys.stdout.write(escribir(app.test_client().get("/openapi.json").json))
        app.extensions["bd"].cerrar()


if __name__ == "__main__":
    main()
