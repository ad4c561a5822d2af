"""Usuarios del panel: solo para quien lo administra."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chasis.errores import ErrorDeServicio
from tuotempo_leads.aplicacion import usuarios as casos
from tuotempo_leads.entradas.panel.base import ROLES, bd, en_el_menu, requiere, rutas, sesion
from tuotempo_leads.infraestructura import accesos

en_el_menu(90, "Usuarios", "panel.usuarios", "people", "admin")


@rutas.get("/usuarios")
@requiere("admin")
def usuarios() -> str:
    return _pagina()


@rutas.post("/usuarios")
@requiere("admin")
def crear_usuario() -> str | Response | tuple[str, int]:
    nombre, clave = request.form.get("username", ""), request.form.get("password", "")
    try:
        with bd().escritura() as conexion:
            casos.crear(conexion, nombre, clave, casos.rol_de(request.form.get("rol", "")))
    except ErrorDeServicio as error:
        return _pagina({error.campo: error.texto}), error.estado
    flash(f"Usuario {nombre.strip()} creado.", "success")
    return redirect(url_for("panel.usuarios"))


@rutas.post("/usuarios/<int:usuario_id>")
@requiere("admin")
def cambiar_usuario(usuario_id: int) -> Response | tuple[str, int]:
    """Cambia el rol, si puede entrar o, si se escribe una, la contraseña."""
    try:
        cambiado = casos.cambiar(
            bd(),
            usuario_id,
            sesion=sesion(),
            rol=casos.rol_de(request.form.get("rol", "")),
            activo=request.form.get("activo") == "1",
            clave=request.form.get("password", ""),
        )
    except ErrorDeServicio as error:
        flash(error.texto, "danger")
        return _pagina(), error.estado
    flash(f"Usuario {cambiado} guardado.", "success")
    return redirect(url_for("panel.usuarios"))


def _pagina(fallos: dict[Any, str] | None = None) -> str:
    with bd().lectura() as conexion:
        todos = accesos.todos(conexion)
    return render_template("usuarios.html", usuarios=todos, roles=ROLES, fallos=fallos or {})
