"""Búsqueda por palabras, columnas elegidas a mano, reparto de leads y listas de exclusión en segundo plano."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from tuotempo_leads.dominio.textos import palabras

revision = "0003"
down_revision = "0002"

OPCIONES: dict[str, Any] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_0900_ai_ci",
    "mysql_engine": "InnoDB",
}
MOMENTO = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
TEXTO_LARGO = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
POR_TANDA = 1000


def _clave(largo: int) -> sa.String:
    binaria = mysql.VARCHAR(largo, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(largo).with_variant(binaria, "mysql")


def upgrade() -> None:
    lead_palabras = op.create_table(
        "lead_palabras",
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("palabra", _clave(40), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", "palabra"),
        sqlite_with_rowid=False,
        **OPCIONES,
    )
    op.create_index("palabras_por_texto", "lead_palabras", ["palabra", "lead_id"])
    _apuntar_las_que_hay(lead_palabras)
    op.create_table(
        "correspondencias",
        sa.Column("huella", _clave(64), nullable=False),
        sa.Column("campos", TEXTO_LARGO, nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("guardada_en", MOMENTO, nullable=False),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("huella"),
        **OPCIONES,
    )
    op.create_table(
        "repartos",
        sa.Column("lote", _clave(36), nullable=False),
        sa.Column("momento", MOMENTO, nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("a_agente_id", sa.Integer()),
        sa.Column("cuantos", sa.Integer(), nullable=False),
        sa.Column("deshace", _clave(36)),
        sa.Column("deshecho_en", MOMENTO),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["a_agente_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("lote"),
        **OPCIONES,
    )
    op.create_index("repartos_por_momento", "repartos", ["momento"])
    op.create_table(
        "asignaciones",
        sa.Column("lote", _clave(36), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("de_agente_id", sa.Integer()),
        sa.Column("a_agente_id", sa.Integer()),
        sa.ForeignKeyConstraint(["lote"], ["repartos.lote"]),
        sa.PrimaryKeyConstraint("lote", "lead_id"),
        **OPCIONES,
    )
    op.create_index("asignaciones_por_lead", "asignaciones", ["lead_id", "lote"])
    op.add_column("importaciones", sa.Column("correspondencia", TEXTO_LARGO))
    op.add_column("importaciones", sa.Column("lista", sa.String(20)))
    op.add_column("importaciones", sa.Column("motivo", sa.Unicode(255)))


def _apuntar_las_que_hay(lead_palabras: sa.Table) -> None:
    conexion, ultimo = op.get_bind(), 0
    leads = sa.table("leads", *map(sa.column, ("id", "nombre", "apellidos", "nombre_clinica", "nif")))
    consulta = sa.select(*leads.c).order_by(leads.c.id).limit(POR_TANDA)
    while filas := conexion.execute(consulta.where(leads.c.id > ultimo)).all():
        ultimo = filas[-1].id
        nuevas = [
            {"lead_id": fila[0], "palabra": palabra}
            for fila in filas
            for palabra in {una for texto in fila[1:] if texto for una in palabras(texto)}
        ]
        if nuevas:
            conexion.execute(sa.insert(lead_palabras), nuevas)
