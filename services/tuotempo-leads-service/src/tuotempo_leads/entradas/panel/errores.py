"""Los errores del panel son páginas que dicen qué ha pasado y qué hacer; los de la API siguen siendo JSON."""

from __future__ import annotations

import structlog
from flask import g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from chasis import contexto
from chasis.errores import DE_PROTOCOLO, ErrorDeServicio
from tuotempo_leads.entradas.panel.base import rutas

_TITULOS = {
    400: "Hay algo que corregir",
    403: "No tienes permiso",
    404: "No está aquí",
    409: "Ha cambiado mientras tanto",
    413: "Es demasiado grande",
    503: "No llegamos a la base de datos",
}
SIN_BASE = (
    "El panel funciona, pero ahora mismo no puede leer ni guardar datos. No se ha perdido nada: esta página vuelve a "
    "intentarlo sola cada pocos segundos."
)
CADUCADO = "Esta página llevaba demasiado tiempo abierta o el envío no salió de ella. Recárgala y repite."


@rutas.errorhandler(ErrorDeServicio)
def de_servicio(error: ErrorDeServicio) -> tuple[str, int]:
    if isinstance(error.__cause__, SQLAlchemyError):
        return sin_base(error.__cause__)
    if error.estado >= 500:
        structlog.get_logger().error("fallo", texto=error.texto, exc_info=error)
    return pagina_de_error(error.estado, error.texto), error.estado


@rutas.errorhandler(SQLAlchemyError)
def sin_base(error: SQLAlchemyError) -> tuple[str, int]:
    structlog.get_logger().error("fallo", texto="base de datos", exc_info=error)
    return pagina_de_error(503, SIN_BASE, reintentar=request.method == "GET"), 503


@rutas.errorhandler(CSRFError)
def csrf_no_valido(error: CSRFError) -> tuple[str, int]:
    structlog.get_logger().warning("csrf_rechazado", motivo=error.description)
    return pagina_de_error(400, CADUCADO), 400


@rutas.errorhandler(HTTPException)
def de_http(error: HTTPException) -> tuple[str, int]:
    estado = error.code or 500
    return pagina_de_error(estado, DE_PROTOCOLO.get(estado, DE_PROTOCOLO[500])[0]), estado


@rutas.errorhandler(Exception)
def inesperado(error: Exception) -> tuple[str, int]:
    structlog.get_logger().error("fallo_inesperado", exc_info=error)
    return pagina_de_error(500, "Ha fallado algo nuestro. Si se repite, danos el número de abajo."), 500


def pagina_de_error(estado: int, texto: str, *, reintentar: bool = False) -> str:
    g.setdefault("sesion_del_panel", None)
    titulo = _TITULOS.get(estado, "Algo ha fallado" if estado >= 500 else "No se puede hacer")
    return render_template(
        "error.html",
        titulo=titulo,
        texto=texto,
        estado=estado,
        reintentar=reintentar,
        peticion=contexto.peticion_id.get(),
    )
