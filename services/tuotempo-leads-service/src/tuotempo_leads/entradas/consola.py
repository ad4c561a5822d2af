"""Órdenes de consola: `flask create-user`."""

from __future__ import annotations

from typing import get_args

import click
from flask import current_app
from flask.cli import with_appcontext

from chasis.errores import ErrorDeServicio
from tuotempo_leads.aplicacion import usuarios
from tuotempo_leads.aplicacion.usuarios import Rol


@click.command("create-user")
@click.option("--username", prompt="Nombre de usuario", help="Con el que entrará en el panel")
@click.option(
    "--password",
    prompt="Contraseña",
    hide_input=True,
    confirmation_prompt="Repita la contraseña",
    help="Si no se dice, se pregunta sin que se vea",
)
@click.option("--rol", type=click.Choice(get_args(Rol)), default="admin", show_default=True)
@with_appcontext
def crear_usuario(username: str, password: str, rol: Rol) -> None:
    """Crea un usuario del panel."""
    try:
        with current_app.extensions["bd"].escritura() as conexion:
            usuarios.crear(conexion, username, password, rol)
    except ErrorDeServicio as error:
        raise click.ClickException(error.texto) from None
    click.echo(f"Usuario {username.strip()} creado ({rol}).")


ORDENES = (crear_usuario,)
