"""Quién puede administrar: importar, exportar y ver lo rechazado."""

from __future__ import annotations

import hmac

from flask import request

from chasis.errores import ErrorDeServicio, NoAutorizado
from tuotempo_leads.aplicacion import accesos
from tuotempo_leads.entradas.base import ajustes, bd, llave_del_portador

GALLETA = "leads_sesion"
SIN_PERMISO = {401: "Falta ADMIN_TOKEN (solo en producción)"}
_QUIENES_ADMINISTRAN = ("supervisor", "admin")


class Prohibido(ErrorDeServicio):
    estado = 403
    codigo = "PROHIBIDO"


def autorizar_admin() -> None:
    """Pide `ADMIN_TOKEN` como `Authorization: Bearer`, o la sesión de un supervisor del panel; en desarrollo, nada.

    Lo que provoca la página de otro sitio no vale nunca: hay un GET que carga datos.
    """
    if de_otro_sitio():
        raise Prohibido("Esta petición la ha provocado la página de otro sitio")
    if ajustes().entorno != "production" or _lleva_la_llave() or _desde_el_panel():
        return
    raise NoAutorizado(
        "Hace falta ADMIN_TOKEN en la cabecera Authorization: Bearer",
        cabeceras={"WWW-Authenticate": "Bearer"},
    )


def de_otro_sitio() -> bool:
    """Si el navegador dice que la petición la provocó la página de otro."""
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def sesion_de_la_galleta() -> accesos.Sesion | None:
    testigo = request.cookies.get(GALLETA, "")
    return accesos.reconocer(bd(), testigo) if testigo else None


def _lleva_la_llave() -> bool:
    esperada = ajustes().clave_de_administracion.get_secret_value()
    return bool(esperada) and hmac.compare_digest(llave_del_portador().encode(), esperada.encode())


def _desde_el_panel() -> bool:
    # Una galleta viaja sola: solo cuenta si el navegador asegura que la petición salió de una página nuestra.
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return False
    sesion = sesion_de_la_galleta()
    return sesion is not None and sesion.rol in _QUIENES_ADMINISTRAN
