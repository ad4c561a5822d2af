"""Las páginas del portal; lo que no existe se contesta como prefiera quien pregunta."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from chasis.errores import ErrorDeProtocolo
from portal.aplicacion import curl
from portal.aplicacion.estado import Parte
from portal.aplicacion.recordado import Recordado
from portal.entradas import resaltado, textos
from portal.servicios import SERVICIOS

rutas = APIBlueprint(
    "portal",
    __name__,
    template_folder="../plantillas",
    static_folder="../estaticos",
    static_url_path="/portal/estaticos",
    enable_openapi=False,
)


@rutas.get("/")
def portada() -> str:
    parte: Recordado[Parte] = current_app.extensions["estado"]
    return render_template(
        "portada.html",
        parte=parte(),
        servicios=SERVICIOS,
        publicados=current_app.extensions["publicados"],
        origen=request.host_url.rstrip("/"),
        curl=curl,
        textos=textos,
    )


@rutas.get("/apis")
def apis() -> str:
    return render_template("apis.html")


@rutas.get("/eventos/")
def eventos() -> str:
    return render_template("eventos.html", temas=current_app.extensions["temas"], resaltado=resaltado)


@rutas.get("/favicon.ico")
def favicon() -> Response:
    # Los navegadores lo piden al abrir una respuesta JSON, que no puede decir cuál es su icono.
    return rutas.send_static_file("logo.svg")


@rutas.app_errorhandler(404)
def no_encontrada(_: HTTPException) -> Response:
    if _prefiere_html():
        contestacion = make_response(render_template("no_encontrada.html"), 404)
    else:
        contestacion = make_response(current_app.handle_user_exception(ErrorDeProtocolo(404)))
    contestacion.vary.add("Accept")
    return contestacion


def _prefiere_html() -> bool:
    if request.path.startswith("/api/"):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
