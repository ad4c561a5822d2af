"""Quién puede administrar: importar, exportar y ver lo rechazado."""

from __future__ import annotations

import hmac

from flask import request

from chasis.errores import NoAutorizado
from tuotempo_leads.entradas.base import ajustes


def autorizar_admin() -> None:
    """Pide `ADMIN_TOKEN` como `Authorization: Bearer` cuando `ENVIRONMENT=production`; en desarrollo, nada."""
    if ajustes().entorno != "production":
        return
    esperada = ajustes().clave_de_administracion.get_secret_value()
    tipo, _, recibida = request.headers.get("Authorization", "").partition(" ")
    acierta = hmac.compare_digest(recibida.strip().encode(), esperada.encode())
    if not esperada or tipo.lower() != "bearer" or not acierta:
        raise NoAutorizado(
            "Hace falta ADMIN_TOKEN en la cabecera Authorization: Bearer",
            cabeceras={"WWW-Authenticate": "Bearer"},
        )
