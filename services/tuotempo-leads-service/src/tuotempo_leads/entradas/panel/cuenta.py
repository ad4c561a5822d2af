"""Mi cuenta: cambiar la contraseña y cerrar las sesiones abiertas en otros sitios."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField

from chasis.errores import PeticionInvalida
from tuotempo_leads.aplicacion import usuarios as casos
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.entradas.panel.base import bd, rutas, sesion
from tuotempo_leads.infraestructura import accesos


class CambioDeContrasena(FlaskForm):  # type: ignore[misc]
    actual = PasswordField("Contraseña actual")
    nueva = PasswordField("Contraseña nueva")
    repetida = PasswordField("Repite la contraseña nueva")


@rutas.get("/cuenta")
def cuenta() -> str:
    return _pagina(CambioDeContrasena())


@rutas.post("/cuenta/contrasena")
def cambiar_contrasena() -> str | Response | tuple[str, int]:
    formulario = CambioDeContrasena()
    actual, nueva, repetida = (
        campo.data or "" for campo in (formulario.actual, formulario.nueva, formulario.repetida)
    )
    if nueva != repetida:
        return _pagina(formulario, {"repetida": "Las dos contraseñas nuevas no son iguales"}), 400
    try:
        casos.cambiar_la_propia(bd(), sesion(), actual, nueva)
    except PeticionInvalida as error:
        return _pagina(formulario, {error.campo: error.texto}), 400
    flash("Contraseña cambiada. Las demás sesiones se han cerrado.", "success")
    return redirect(url_for("panel.cuenta"))


@rutas.post("/cuenta/sesiones/cerrar")
def cerrar_las_demas() -> Response:
    with bd().escritura() as conexion:
        cuantas = accesos.cerrar_las_de(conexion, sesion().usuario_id, salvo=sesion().huella)
    flash("Se ha cerrado 1 sesión." if cuantas == 1 else f"Se han cerrado {cuantas} sesiones.", "success")
    return redirect(url_for("panel.cuenta"))


def _pagina(formulario: CambioDeContrasena, fallos: dict[str | None, str] | None = None) -> str:
    with bd().lectura() as conexion:
        abiertas = accesos.sesiones_de(conexion, sesion().usuario_id, ahora())
    return render_template("cuenta.html", formulario=formulario, fallos=fallos or {}, sesiones=abiertas)
