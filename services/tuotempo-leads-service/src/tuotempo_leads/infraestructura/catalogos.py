"""La última respuesta buena de `/areas`, y el directorio de clínicas que sale de ella."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from tuotempo_leads.dominio.centros import centro
from tuotempo_leads.dominio.textos import plegar
from tuotempo_leads.infraestructura.altas import cambiar_o_crear
from tuotempo_leads.infraestructura.interbloqueos import en_escritura
from tuotempo_leads.infraestructura.tablas import catalogos, clinicas

_CAMPOS = {"nombre": (clinicas.c.titulo_plegado,), "direccion": (clinicas.c.direccion_plegada,)}
_TODOS = (clinicas.c.titulo_plegado, clinicas.c.direccion_plegada)
MAXIMO = 3


def leer(bd: BaseDeDatos, clave: str) -> tuple[str, datetime] | None:
    """JSON guardado y cuándo se trajo (UTC)."""
    consulta = sa.select(catalogos.c.cuerpo, catalogos.c.traido_en).where(catalogos.c.clave == clave)
    with bd.lectura() as conexion:
        fila = conexion.execute(consulta).one_or_none()
    return None if fila is None else (fila.cuerpo, fila.traido_en)


def guardar(bd: BaseDeDatos, clave: str, cuerpo: str, momento: datetime) -> None:
    valores = {"cuerpo": cuerpo, "traido_en": momento}
    cambio = sa.update(catalogos).where(catalogos.c.clave == clave).values(valores)
    alta = sa.insert(catalogos).values(clave=clave, **valores)
    en_escritura(bd, lambda conexion: cambiar_o_crear(conexion, cambio, alta))


def reemplazar_clinicas(bd: BaseDeDatos, areas: Iterable[Mapping[str, Any]], momento: datetime) -> int:
    """Cambia el directorio entero en una transacción; sin ninguna clínica válida, no toca nada."""
    filas = {fila["areaid"]: fila for fila in map(_clinica, areas) if fila["areaid"]}
    if filas:
        with bd.escritura() as conexion:
            conexion.execute(sa.delete(clinicas))
            conexion.execute(
                sa.insert(clinicas), [fila | {"actualizada_en": momento} for fila in filas.values()]
            )
    return len(filas)


def hay_clinicas(conexion: sa.Connection) -> bool:
    return conexion.execute(sa.select(clinicas.c.areaid).limit(1)).first() is not None


def todas_las_clinicas(conexion: sa.Connection) -> list[Any]:
    """`areaid`, `areaTitle`, `cp` y `province` de cada una, por provincia y nombre: son unos cientos."""
    columnas = (clinicas.c.areaid, clinicas.c.areaTitle, clinicas.c.cp, clinicas.c.province)
    consulta = sa.select(*columnas).order_by(clinicas.c.province, clinicas.c.titulo_plegado)
    return list(conexion.execute(consulta).all())


def buscar_clinicas(conexion: sa.Connection, texto: str, campo: str | None) -> list[dict[str, str]]:
    """Hasta tres clínicas cuyo nombre o dirección contiene `texto`, sin mirar acentos ni mayúsculas."""
    columnas = _CAMPOS[campo] if campo else _TODOS
    contiene = sa.or_(*(columna.contains(plegar(texto), autoescape=True) for columna in columnas))
    columnas_dadas = (clinicas.c.areaid, clinicas.c.areaTitle, clinicas.c.address)
    consulta = (
        sa.select(*columnas_dadas).where(contiene).order_by(clinicas.c.titulo_plegado, clinicas.c.areaid)
    )
    filas = conexion.execute(consulta.limit(MAXIMO))
    return [{"code": f.areaid, "nombre": f.areaTitle, "address": f.address} for f in filas]


def _clinica(area: Mapping[str, Any]) -> dict[str, Any]:
    datos = centro(area)
    recortes = {"areaid": 255, "areaTitle": 255, "cp": 10, "city": 100, "province": 100, "phone": 50}
    valores = {clave: valor[: recortes.get(clave)] for clave, valor in datos.items()}
    plegados = {
        "titulo_plegado": plegar(valores["areaTitle"])[:255],
        "direccion_plegada": plegar(valores["address"]),
    }
    return valores | plegados
