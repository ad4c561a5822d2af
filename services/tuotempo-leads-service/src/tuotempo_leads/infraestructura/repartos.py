"""De qué agente es cada lead, y de quién era: la historia se escribe antes, y lo que dice se cumple después.

Todo va por conjuntos: dar cien mil leads son las mismas órdenes que dar uno.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tuotempo_leads.infraestructura.exclusiones import LEAD_EXCLUIDO
from tuotempo_leads.infraestructura.tablas import (
    asignaciones,
    leads,
    rellamadas,
    repartos,
    usuarios,
)

ULTIMOS = 50
_COLUMNAS = ["lote", "lead_id", "de_agente_id", "a_agente_id"]


def empezar(conexion: sa.Connection, valores: dict[str, Any]) -> None:
    conexion.execute(sa.insert(repartos), {"cuantos": 0, "deshace": None, **valores})


def apuntar(conexion: sa.Connection, lote: str, elegidos: sa.Select[Any], agente_id: int | None) -> None:
    """Apunta el paso a ese agente de los `elegidos` (consulta de ids) que no son ya suyos ni están excluidos."""
    su_rellamada = sa.exists().where(
        rellamadas.c.pendiente_de == leads.c.id, rellamadas.c.agente_id.is_distinct_from(agente_id)
    )
    cambia = sa.or_(leads.c.agente_id.is_distinct_from(agente_id), su_rellamada)
    nuevas = sa.select(
        sa.literal(lote), leads.c.id, leads.c.agente_id, sa.literal(agente_id, sa.Integer)
    ).where(leads.c.id.in_(elegidos), cambia, ~LEAD_EXCLUIDO)
    # Con los leads retenidos: si otro reparto los está dando, se espera a saber de quién son.
    conexion.execute(sa.insert(asignaciones).from_select(_COLUMNAS, nuevas.with_for_update(of=leads)))


def apuntar_vuelta(conexion: sa.Connection, lote: str, deshecho: str) -> None:
    """Apunta la vuelta a quien los tenía de los leads de `deshecho` que siguen siendo de quien los recibió en él."""
    antes = asignaciones.alias("antes")
    # A quien ya no entra en el panel no se le devuelven: quedan sin asignar.
    de_quien = sa.case((usuarios.c.activo.is_(True), antes.c.de_agente_id))
    nuevas = (
        sa.select(sa.literal(lote), leads.c.id, antes.c.a_agente_id, de_quien)
        .select_from(antes)
        .join(leads, leads.c.id == antes.c.lead_id)
        .outerjoin(usuarios, usuarios.c.id == antes.c.de_agente_id)
        .where(
            antes.c.lote == deshecho,
            leads.c.agente_id.is_not_distinct_from(antes.c.a_agente_id),
            ~LEAD_EXCLUIDO,
        )
    )
    conexion.execute(sa.insert(asignaciones).from_select(_COLUMNAS, nuevas))


def cumplir(conexion: sa.Connection, lote: str) -> int:
    """Da cada lead del lote, y su rellamada pendiente, a quien dice el lote; devuelve cuántos leads son."""
    del_lote = asignaciones.c.lote == lote
    ids = sa.select(asignaciones.c.lead_id).where(del_lote)
    for tabla, lead in ((leads, leads.c.id), (rellamadas, rellamadas.c.pendiente_de)):
        nuevo = sa.select(asignaciones.c.a_agente_id).where(del_lote, asignaciones.c.lead_id == lead)
        conexion.execute(sa.update(tabla).where(lead.in_(ids)).values(agente_id=nuevo.scalar_subquery()))
    # Se cuentan: con MySQL, un alta desde otra consulta no dice cuántas filas fueron.
    contados = sa.select(sa.func.count()).select_from(asignaciones).where(del_lote)
    cuantos = int(conexion.execute(contados).scalar_one())
    conexion.execute(sa.update(repartos).where(repartos.c.lote == lote).values(cuantos=cuantos))
    return cuantos


def dar_por_deshecho(conexion: sa.Connection, lote: str, momento: datetime) -> bool:
    """`False` si no existe o ya se había deshecho."""
    orden = sa.update(repartos).where(repartos.c.lote == lote, repartos.c.deshecho_en.is_(None))
    return conexion.execute(orden.values(deshecho_en=momento)).rowcount == 1


def recuento(conexion: sa.Connection, elegidos: sa.Select[Any]) -> tuple[int, int]:
    """Cuántos leads son y cuántos de ellos no se pueden dar a nadie, por estar excluidos."""
    excluido = sa.case((LEAD_EXCLUIDO, 1), else_=0)
    consulta = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(excluido), 0)).select_from(leads)
    todos, excluidos = conexion.execute(consulta.where(leads.c.id.in_(elegidos))).one()
    return int(todos), int(excluidos)


def ultimos(conexion: sa.Connection) -> list[Any]:
    """Los últimos repartos, con el nombre de quien los hizo (`quien`) y de quien los recibió (`destino`)."""
    quien, destino = usuarios.alias("quien"), usuarios.alias("destino")
    consulta = (
        sa.select(repartos, quien.c.username.label("quien"), destino.c.username.label("destino"))
        .outerjoin(quien, quien.c.id == repartos.c.usuario_id)
        .outerjoin(destino, destino.c.id == repartos.c.a_agente_id)
    )
    return list(conexion.execute(consulta.order_by(repartos.c.momento.desc()).limit(ULTIMOS)).all())


def de_lead(conexion: sa.Connection, lead_id: int, cuantos: int) -> list[Any]:
    """Por quiénes ha pasado un lead, lo último primero: `momento`, `de`, `a` y `usuario`."""
    de, a = usuarios.alias("de"), usuarios.alias("a")
    consulta = (
        sa.select(
            repartos.c.momento,
            de.c.username.label("de"),
            a.c.username.label("a"),
            usuarios.c.username.label("usuario"),
        )
        .select_from(asignaciones.join(repartos, repartos.c.lote == asignaciones.c.lote))
        .outerjoin(de, de.c.id == asignaciones.c.de_agente_id)
        .outerjoin(a, a.c.id == asignaciones.c.a_agente_id)
        .outerjoin(usuarios, usuarios.c.id == repartos.c.usuario_id)
        .where(asignaciones.c.lead_id == lead_id)
    )
    return list(conexion.execute(consulta.order_by(repartos.c.momento.desc()).limit(cuantos)).all())
