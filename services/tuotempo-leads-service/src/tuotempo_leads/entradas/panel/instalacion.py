"""Poner el panel en la aplicación: sesiones firmadas, Bootstrap local, filtros y el primer administrador."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from apiflask import APIFlask
from flask_bootstrap import Bootstrap5

from chasis.bd import BaseDeDatos
from chasis.errores import Conflicto, ErrorDeServicio
from tuotempo_leads.aplicacion import usuarios
from tuotempo_leads.config import Ajustes
from tuotempo_leads.dominio.fechas import de_utc
from tuotempo_leads.entradas.panel import base
from tuotempo_leads.entradas.panel.formato import numero, octetos, porcentaje
from tuotempo_leads.entradas.panel.textos import con_mayuscula, frase
from tuotempo_leads.infraestructura import accesos

_FICHERO_DEL_SECRETO = "clave_del_panel"


def instalar(app: APIFlask, ajustes: Ajustes) -> None:
    """Registra las páginas y crea el administrador de `PANEL_ADMIN_*` si no hay ningún usuario."""
    app.config.update(
        SECRET_KEY=ajustes.secreto.get_secret_value() or _secreto_de_desarrollo(ajustes.directorio_datos),
        SESSION_COOKIE_NAME="leads_panel",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=ajustes.entorno == "production",
        WTF_CSRF_CHECK_DEFAULT=False,  # solo las páginas: a la API no se entra con galletas
        WTF_CSRF_TIME_LIMIT=None,  # vale lo que dure la sesión, que ya caduca
        WTF_CSRF_SSL_STRICT=False,  # el gateway pide no-referrer: aquí se mira Sec-Fetch-Site
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    base.csrf.init_app(app)
    app.static_url_path = ""  # de aquí sale `/bootstrap`; sin carpeta `static` no tendría valor
    Bootstrap5(app)
    app.jinja_env.filters.update(
        numero=numero,
        octetos=octetos,
        porcentaje=porcentaje,
        frase=frase,
        con_mayuscula=con_mayuscula,
        momento=_momento_en(ajustes),
    )
    app.register_blueprint(base.rutas)
    endpoints = app.view_functions.keys()
    app.context_processor(lambda: {"menu": base.menu, "alcanza": base.alcanza, "endpoints": endpoints})
    _primer_administrador(app.extensions["bd"], ajustes)


def _momento_en(ajustes: Ajustes) -> Callable[..., str]:
    def momento(valor: datetime | None, forma: str = "%d/%m/%Y %H:%M") -> str:
        """Una hora UTC, en la zona del servicio."""
        return "—" if valor is None else de_utc(valor, ajustes.zona).strftime(forma)

    return momento


def _secreto_de_desarrollo(carpeta: Path) -> str:
    """Al azar y guardado: todos los procesos firman con el mismo y un reinicio no cierra las sesiones."""
    carpeta.mkdir(parents=True, exist_ok=True)
    fichero = carpeta / _FICHERO_DEL_SECRETO
    if not fichero.exists():
        propio = carpeta / f"{_FICHERO_DEL_SECRETO}.{secrets.token_hex(8)}"
        propio.touch(0o600)
        propio.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # otro proceso se ha adelantado: vale el suyo
            fichero.hardlink_to(propio)
        propio.unlink()
    return fichero.read_text()


def _primer_administrador(bd: BaseDeDatos, ajustes: Ajustes) -> None:
    nombre, clave = ajustes.panel_usuario, ajustes.panel_clave.get_secret_value()
    if not nombre or not clave:
        return
    with bd.lectura() as conexion:
        if accesos.hay_alguno(conexion):
            return
    try:
        with bd.escritura() as conexion:
            usuarios.crear(conexion, nombre, clave, "admin")
    except Conflicto:
        return  # lo acaba de crear otro proceso
    except ErrorDeServicio as error:
        raise SystemExit(f"PANEL_ADMIN_USUARIO o PANEL_ADMIN_CLAVE no vale: {error.texto}") from None
    structlog.get_logger().info("primer_administrador_creado")
