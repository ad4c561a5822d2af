"""Exportar leads a una hoja de cálculo, y las filas que una importación rechazó."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from chasis.errores import NoEncontrado, PeticionInvalida
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.infraestructura import historial, rechazadas
from tuotempo_leads.infraestructura.filtro_de_leads import FiltroDeLeads
from tuotempo_leads.infraestructura.hojas.escritura import MAXIMO_DE_FILAS_EN_XLSX, escribir
from tuotempo_leads.infraestructura.tablas import leads

_INTERNAS = {"telefono_norm", "telefono2_norm", "version", "agente_id"}
_COLUMNAS = [columna for columna in leads.c if columna.name not in _INTERNAS]
_POR_TANDA = 500
_DE_RECHAZO = ("Fila", "Rechazo", "Columna", "Valor", "Motivo")


def exportar_leads(
    bd: BaseDeDatos, filtro: FiltroDeLeads, formato: str, ruta: Path, usuario_id: int | None
) -> int:
    """Escribe en `ruta` los leads del filtro, lo anota en el historial y devuelve cuántos son."""
    consulta = filtro.aplicar(sa.select(*_COLUMNAS)).order_by(leads.c.id)
    with bd.lectura() as conexion:
        _caben(conexion, consulta, formato)
        filas = conexion.execute(consulta, execution_options={"yield_per": _POR_TANDA})
        cuantos = escribir(ruta, formato, [columna.name for columna in _COLUMNAS], filas)
    with bd.escritura() as conexion:
        historial.anotar(
            conexion,
            archivo=ruta.name,
            registros=cuantos,
            resultado="export",
            mensaje=f"Exportado a {ruta.name}{_dicho(filtro)}",
            fecha=ahora(),
            usuario_id=usuario_id,
        )
    return cuantos


def exportar_rechazadas(conexion: Connection, trabajo: Mapping[str, Any], ruta: Path) -> None:
    """Escribe un xlsx con las filas rechazadas tal como venían, precedidas del motivo: se corrigen y se suben.

    Lanza `NoEncontrado` si no hay ninguna.
    """
    avisos = orjson.loads(trabajo["avisos"] or "{}")
    cabecera = [*_DE_RECHAZO, *avisos.get("titulos", [])]
    if not escribir(ruta, "xlsx", cabecera, _por_fila(rechazadas.todas(conexion, trabajo["id"]))):
        dias = rechazadas.CONSERVAR.days
        raise NoEncontrado(f"Esa importación no rechazó ninguna fila, o hace más de {dias} días que lo hizo")


def _por_fila(fallos: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    for numero, grupo in groupby(fallos, key=lambda fallo: fallo["fila"]):
        suyos = list(grupo)
        juntos = [
            " | ".join(str(fallo[clave] or "") for fallo in suyos) for clave in ("columna", "valor", "motivo")
        ]
        yield [numero, suyos[0]["resultado"], *juntos, *suyos[0]["celdas"]]


def _caben(conexion: Connection, consulta: sa.Select[Any], formato: str) -> None:
    if formato == "xlsx":
        cuantos = sa.select(sa.func.count()).select_from(consulta.order_by(None).subquery())
        if conexion.execute(cuantos).scalar_one() > MAXIMO_DE_FILAS_EN_XLSX:
            raise PeticionInvalida(
                "Son más filas de las que admite un libro de Excel: pide formato=csv", campo="formato"
            )


def _dicho(filtro: FiltroDeLeads) -> str:
    usados = [nombre for nombre, valor in vars(filtro).items() if valor not in (None, "")]
    return f" (filtrado por {', '.join(usados)})" if usados else ""
