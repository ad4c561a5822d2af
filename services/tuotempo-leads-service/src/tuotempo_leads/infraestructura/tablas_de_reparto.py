"""A quién se ha dado cada lead, y quién lo tenía antes."""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, clave

# Cada vez que se dan leads a alguien, muchos o uno; `deshecho_en`, cuándo volvieron a quien los tenía.
repartos = sa.Table(
    "repartos",
    metadatos,
    sa.Column("lote", clave(36), primary_key=True),
    sa.Column("momento", Momento, nullable=False),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("a_agente_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("cuantos", sa.Integer, nullable=False),
    sa.Column("deshace", clave(36)),  # el lote que deshace este
    sa.Column("deshecho_en", Momento),
    sa.Index("repartos_por_momento", "momento"),
    **OPCIONES,
)

asignaciones = sa.Table(
    "asignaciones",
    metadatos,
    sa.Column("lote", clave(36), sa.ForeignKey("repartos.lote"), primary_key=True),
    sa.Column("lead_id", sa.Integer, primary_key=True),
    sa.Column("de_agente_id", sa.Integer),
    sa.Column("a_agente_id", sa.Integer),
    sa.Index("asignaciones_por_lead", "lead_id", "lote"),
    **OPCIONES,
)
