"""Entrar y salir."""

from __future__ import annotations

import secrets

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from tuotempo_leads.aplicacion import accesos as casos
from tuotempo_leads.aplicacion.accesos import Bloqueado, Visita
from tuotempo_leads.dominio.fechas import de_utc
from tuotempo_leads.entradas.base import ajustes
from tuotempo_leads.entradas.panel.base import GALLETA, PUBLICA, bd, de_otro_sitio, requiere, rutas
from tuotempo_leads.infraestructura import accesos

NO_VALE = "Usuario o contraseña incorrectos"


class Acceso(FlaskForm):  # type: ignore[misc]
    username = StringField("Usuario")
    password = PasswordField("Contraseña")


@rutas.get("/login")
@requiere(PUBLICA)
def login() -> str | Response:
    if g.sesion_del_panel:
        return redirect(_destino())
    return _pagina(Acceso())


@rutas.post("/login")
@requiere(PUBLICA)
def entrar() -> str | Response | tuple[str, int]:
    formulario = Acceso()
    visita = Visita(request.remote_addr or "", request.user_agent.string)
    csrf = secrets.token_hex(20)
    try:
        testigo = casos.entrar(
            bd(), formulario.username.data or "", formulario.password.data or "", visita, csrf
        )
    except Bloqueado as cerrado:
        hasta = de_utc(cerrado.hasta, ajustes().zona)
        flash(f"Demasiados intentos fallidos. Podrás volver a probar a las {hasta:%H:%M}.", "danger")
        return _pagina(formulario), 429
    if testigo is None:
        flash(NO_VALE, "danger")
        return _pagina(formulario)
    session.clear()  # nada de antes de entrar vale después
    session["csrf_token"] = csrf
    flash("Has iniciado sesión correctamente", "success")
    respuesta = redirect(_destino())
    respuesta.set_cookie(
        GALLETA,
        testigo,
        max_age=int(casos.DURACION.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return respuesta


@rutas.route("/logout", methods=["GET", "POST"])
@requiere(PUBLICA)
def logout() -> Response:
    """Por GET también, como siempre; pero no porque lo diga la página de otro."""
    if de_otro_sitio():
        return redirect(url_for("panel.hoy"))
    with bd().escritura() as conexion:
        accesos.cerrar(conexion, casos.huella(request.cookies.get(GALLETA, "")))
    session.clear()
    flash("Has cerrado sesión correctamente", "success")
    respuesta = redirect(url_for("panel.login"))
    respuesta.delete_cookie(GALLETA)
    return respuesta


def _pagina(formulario: Acceso) -> str:
    return render_template(
        "login.html",
        formulario=formulario,
        siguiente=request.values.get("next", ""),
        en_desarrollo=ajustes().entorno == "development",
    )


def _destino() -> str:
    """`next` solo si es una ruta de este servicio: `//otro.sitio` y `https:…` llevarían a otro."""
    pedido = request.values.get("next", "")
    propio = pedido.startswith(f"{request.script_root}/") and not pedido.startswith(("//", "/\\"))
    return pedido if propio and pedido.isprintable() and "\\" not in pedido else url_for("panel.hoy")
