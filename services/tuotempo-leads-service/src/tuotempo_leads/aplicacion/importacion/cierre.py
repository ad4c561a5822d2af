"""Dar por acabada una importación: recuentos, filas rechazadas, una línea en el historial y el evento."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from chasis.eventos import emitir
from tuotempo_leads.aplicacion.eventos import TEMA, LeadsImportados
from tuotempo_leads.aplicacion.importacion.exclusiones import EXCLUIR, VolcadoDeExclusiones
from tuotempo_leads.aplicacion.importacion.volcado import Recuento, Volcado
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.dominio.cabeceras import COLUMNA
from tuotempo_leads.infraestructura import historial, importaciones as trabajos, rechazadas
from tuotempo_leads.infraestructura.hojas.lectura import Lectura

_EN_EL_HISTORIAL = {trabajos.TERMINADA: "ok", trabajos.FALLIDA: "error", trabajos.CANCELADA: "cancelada"}
_SOLO_AL_CREAR = "lo que dice una llamada solo entra al crear el lead; en los que ya existen se conserva"


def cerrar(
    conexion: Connection,
    trabajo: Mapping[str, Any],
    estado: str,
    motivo: str | None = None,
    *,
    volcado: Volcado | VolcadoDeExclusiones | None = None,
    lectura: Lectura | None = None,
) -> None:
    """La deja en `estado`, con su `motivo` si no terminó bien. Una simulación no pasa al historial ni se publica."""
    recuento, momento = volcado.recuento if volcado else Recuento(), ahora()
    rechazadas.olvidar(conexion, trabajo["id"], momento)
    if volcado and lectura:
        rechazadas.guardar(conexion, trabajo["id"], volcado.rechazos(lectura))
    avisos = orjson.dumps(_avisos(lectura)).decode() if lectura else None
    contados = {**asdict(recuento), "procesadas": recuento.total} if volcado else {}
    trabajos.cerrar(conexion, trabajo["id"], estado, momento, error=motivo, avisos=avisos, **contados)
    if not trabajo["simular"]:
        _al_historial(conexion, trabajo, estado, motivo, recuento=recuento, momento=momento)
        if estado == trabajos.TERMINADA and trabajo["modo"] != EXCLUIR:
            _publicar(conexion, trabajo, recuento)


def _al_historial(
    conexion: Connection,
    trabajo: Mapping[str, Any],
    estado: str,
    motivo: str | None,
    *,
    recuento: Recuento,
    momento: datetime,
) -> None:
    resumir = _resumen_de_lista if trabajo["modo"] == EXCLUIR else _resumen
    historial.anotar(
        conexion,
        archivo=trabajo["archivo"],
        registros=recuento.importables if estado == trabajos.TERMINADA else 0,
        resultado=_EN_EL_HISTORIAL[estado],
        mensaje=motivo or resumir(recuento),
        fecha=momento,
        importacion_id=trabajo["id"],
        usuario_id=trabajo["usuario_id"],
    )


def _publicar(conexion: Connection, trabajo: Mapping[str, Any], recuento: Recuento) -> None:
    contados = asdict(recuento)
    del contados["eliminadas"]
    noticia = LeadsImportados(trabajo["id"], trabajo["archivo"], trabajo["modo"], **contados)
    emitir(conexion, TEMA, noticia, clave=trabajo["id"], secuencia=1)


def _avisos(lectura: Lectura) -> dict[str, Any]:
    solo_al_crear = [nombre for nombre in lectura.columnas if COLUMNA[nombre].solo_al_crear]
    avisos: dict[str, Any] = {
        "titulos": lectura.titulos,
        "columnas": lectura.columnas,
        "ignoradas": lectura.ignoradas,
    }
    return avisos | ({"solo_al_crear": solo_al_crear, "nota": _SOLO_AL_CREAR} if solo_al_crear else {})


def _resumen(r: Recuento) -> str:
    return (
        f"{r.total} filas: {r.creadas} creadas, {r.actualizadas} actualizadas, {r.sin_cambios} sin cambios, "
        f"{r.omitidas} omitidas, {r.erroneas} erróneas; {r.eliminadas} leads que ya no estaban, eliminados"
    )


def _resumen_de_lista(r: Recuento) -> str:
    return (
        f"Lista de exclusión, {r.total} filas: {r.creadas} números nuevos, {r.sin_cambios} que ya estaban, "
        f"{r.erroneas} sin un número válido; {r.eliminadas} rellamadas canceladas"
    )
