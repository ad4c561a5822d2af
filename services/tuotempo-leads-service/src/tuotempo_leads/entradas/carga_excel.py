"""`GET /admin/load-excel`, como lo describe el README: importa la hoja de `EXCEL_URL` y espera a que acabe."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, url_for

from chasis.errores import FalloInterno
from chasis.web import en_transaccion, respuesta
from tuotempo_leads.aplicacion.importacion import trabajos
from tuotempo_leads.aplicacion.importacion.trabajos import Encargo
from tuotempo_leads.entradas.autorizacion import autorizar_admin
from tuotempo_leads.entradas.base import ajustes, fallo_de_base
from tuotempo_leads.entradas.esquemas import Hecho
from tuotempo_leads.entradas.importaciones import corredor, rechazar
from tuotempo_leads.infraestructura import importaciones
from tuotempo_leads.infraestructura.hojas.formato import FicheroInvalido

rutas = APIBlueprint("carga_excel", __name__, tag="Importar y exportar")
rutas.before_request(autorizar_admin)
_PLAZO = 60.0  # segundos que se espera antes de contestar que sigue en marcha
_OBSOLETA_DESDE = "@1767225600"  # 1 de enero de 2026 (RFC 9745)


@rutas.get("/admin/load-excel")
@rutas.output(Hecho, description="Datos cargados; `Location` lleva al detalle")
@rutas.doc(
    deprecated=True,
    responses={
        202: "Sigue en marcha; `Location` lleva a su estado",
        401: "Falta ADMIN_TOKEN (solo en producción)",
        500: "No se ha podido cargar, y por qué; no se ha cambiado nada",
    },
)
def cargar_excel() -> Response:
    """Cargar la hoja de `EXCEL_URL` (en su lugar, `POST /admin/importaciones`)."""
    relevo = {
        "Deprecation": _OBSOLETA_DESDE,
        "Link": f'<{url_for("importaciones.importar")}>; rel="successor-version"',
    }
    encargada: str = _encargar(_origen(relevo))
    hecho = corredor().hasta_que_acabe(encargada, _PLAZO)
    relevo["Location"] = url_for("importaciones.estado", importacion_id=encargada)
    if hecho is None:
        cuerpo = {"success": True, "message": "La carga sigue en marcha: mira su estado en Location"}
        return respuesta(cuerpo, 202, relevo)
    if hecho["estado"] != importaciones.TERMINADA:
        raise FalloInterno(_como_error(str(hecho["error"])), cabeceras=relevo)
    return respuesta({"success": True, "message": "Datos cargados exitosamente"}, 200, relevo)


def _origen(relevo: dict[str, str]) -> dict[str, Any]:
    direccion = ajustes().excel_url
    try:
        en_desarrollo = ajustes().entorno == "development"
        return trabajos.origen_de(direccion, corredor().carpeta, con_ficheros=en_desarrollo)
    except FicheroInvalido as fallo:
        rechazar(direccion, fallo)
        raise FalloInterno(_como_error(str(fallo)), cabeceras=relevo) from None


@en_transaccion(fallo=fallo_de_base)
def _encargar(conexion: sa.Connection, origen: dict[str, Any]) -> str:
    return trabajos.encargar(conexion, origen, Encargo(origen="url" if "url" in origen else "fichero"))


def _como_error(motivo: str) -> str:
    """Como los del README: «Error al descargar…», «Error de base de datos…» o «Error al cargar datos…»."""
    return motivo if motivo.startswith("Error ") else f"Error al cargar datos: {motivo}"
