"""Esqueleto del panel: el blueprint, el menú, quién entra y lo que toda página necesita."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import structlog
from apiflask import APIBlueprint
from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as RespuestaWSGI

from chasis.errores import NoEncontrado
from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.aplicacion.accesos import Sesion
from tuotempo_leads.entradas.autorizacion import GALLETA, Prohibido, de_otro_sitio, sesion_de_la_galleta
from tuotempo_leads.entradas.base import bd
from tuotempo_leads.entradas.panel import identificadores

__all__ = [
    "GALLETA",
    "PUBLICA",
    "ROLES",
    "Prohibido",
    "alcanza",
    "bd",
    "csrf",
    "de_otro_sitio",
    "en_el_menu",
    "menu",
    "requiere",
    "rutas",
    "sesion",
]

rutas = APIBlueprint(
    "panel",
    __name__,
    template_folder="plantillas",
    static_folder="estaticos",
    static_url_path="/panel/estaticos",
    enable_openapi=False,
)
csrf = CSRFProtect()
ROLES = ("agente", "supervisor", "admin")  # cada uno puede lo que el anterior y algo más
PUBLICA = "publica"
DEBE_ENTRAR = "Debes iniciar sesión para acceder a esta página"
_SIN_GUARDIA = {"panel.static"}
_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
Vista = TypeVar("Vista", bound=Callable[..., Any])


@dataclass(frozen=True, order=True)
class Entrada:
    """Una línea del menú: se enseña a quien tenga `rol` o más. `icono` es de Bootstrap Icons."""

    orden: int
    texto: str
    destino: str
    icono: str
    rol: str = "agente"


_MENU: set[Entrada] = set()


def en_el_menu(orden: int, texto: str, destino: str, icono: str, rol: str = "agente") -> None:
    """Apunta en el menú el endpoint `destino` (`panel.cola`)."""
    _MENU.add(Entrada(orden, texto, destino, icono, rol))


def menu() -> list[Entrada]:
    """Las líneas que puede ver el usuario actual, en su orden."""
    return [entrada for entrada in sorted(_MENU) if alcanza(entrada.rol)]


def requiere(rol: str) -> Callable[[Vista], Vista]:
    """La vista pide `rol` o uno mayor; sin decir nada, toda vista del panel pide al menos `agente`."""

    def marcar(vista: Vista) -> Vista:
        vista.rol_exigido = rol  # type: ignore[attr-defined]
        return vista

    return marcar


def sesion() -> Sesion:
    """La de quien está usando el panel; solo en vistas que no son públicas."""
    return cast("Sesion", g.sesion_del_panel)


def alcanza(rol: str) -> bool:
    """Si el usuario actual tiene `rol` o uno mayor."""
    actual: Sesion | None = g.get("sesion_del_panel")
    return actual is not None and ROLES.index(actual.rol) >= ROLES.index(rol)


def de_un_guion() -> bool:
    """Si la pide un guion de la página (un trozo que refrescar) y no una persona."""
    return request.headers.get("X-Requested-With") == "fetch"


@rutas.before_request
def guardar() -> RespuestaWSGI | None:
    """Nadie ve una página sin sesión y sin el rol que pide; y nada se cambia desde otro sitio."""
    if request.endpoint in _SIN_GUARDIA:
        return None
    g.sesion_del_panel = sesion_de_la_galleta()
    vista = current_app.view_functions[request.endpoint or ""]
    exigido = getattr(vista, "rol_exigido", "agente")
    if exigido != PUBLICA:
        if g.sesion_del_panel is None:
            return _a_entrar()
        if not alcanza(exigido):
            structlog.get_logger().warning("rol_insuficiente", usuario_id=sesion().usuario_id, exige=exigido)
            raise Prohibido(f"Tu usuario no puede ver esta página: hace falta el rol «{exigido}».")
    if request.method not in ("GET", "HEAD"):
        # Antes de leer el formulario: una vista que recibe ficheros admite un cuerpo mayor.
        request.max_content_length = getattr(vista, "cuerpo_maximo", request.max_content_length)
        _exigir_que_sea_nuestra()
    _exigir_ids_posibles()
    return None


@rutas.after_request
def proteger(respuesta: Response) -> Response:
    respuesta.headers.setdefault("Content-Security-Policy", _CSP)
    respuesta.headers.setdefault("X-Content-Type-Options", "nosniff")
    respuesta.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint not in _SIN_GUARDIA:
        respuesta.headers.setdefault("Cache-Control", "no-store")
    return respuesta


def _a_entrar() -> RespuestaWSGI:
    if de_un_guion():
        return Response("La sesión ha terminado", 401, mimetype="text/plain")
    flash(DEBE_ENTRAR, "danger")
    volver = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("panel.login", next=volver))


def _exigir_ids_posibles() -> None:
    """Uno que no cabe en su columna no es de nadie, y SQLite no deja ni preguntarlo."""
    ids = [valor for valor in (request.view_args or {}).values() if isinstance(valor, int)]
    if max(ids, default=0) > identificadores.MAYOR:
        raise NoEncontrado("Lo que buscas no existe.")


def _exigir_que_sea_nuestra() -> None:
    if de_otro_sitio():
        raise CSRFError("La petición viene de otro sitio")
    csrf.protect()
    actual: Sesion | None = g.sesion_del_panel
    suyo = accesos.huella(session.get("csrf_token", ""))
    # El testigo del formulario pertenece a esta sesión: uno sacado de otra no vale.
    if actual and not hmac.compare_digest(suyo, actual.csrf_hash):
        raise CSRFError("El formulario es de otra sesión")
