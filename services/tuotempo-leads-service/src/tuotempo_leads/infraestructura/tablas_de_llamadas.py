"""Las llamadas a cada lead, lo que cambiaron en su estado y las que le faltan."""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, clave

# Historia: solo se añade. No hay clave ajena a `leads` para que sobreviva a una recarga que quite al contacto.
llamadas = sa.Table(
    "llamadas",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lead_id", sa.Integer, nullable=False),
    sa.Column("telefono_norm", clave(9), nullable=False),
    sa.Column("momento", Momento, nullable=False),
    sa.Column("origen", sa.String(20), nullable=False),  # api o panel
    sa.Column("usuario_id", sa.Integer),
    sa.Column("status_level_1", sa.Unicode(100)),
    sa.Column("status_level_2", sa.Unicode(255)),
    sa.Column("conPack", sa.Boolean),
    sa.Column("cita", Momento),  # hora de reloj, como en `leads`
    sa.Column("hora_rellamada", Momento),  # hora de reloj, como en `leads`
    sa.Column("error_tecnico", sa.Boolean),
    sa.Column("razon_vuelta_a_llamar", sa.UnicodeText),
    sa.Column("razon_no_interes", sa.UnicodeText),
    sa.Column("codigo_no_interes", sa.Unicode(50)),
    sa.Column("codigo_volver_llamar", sa.Unicode(50)),
    sa.Column("peticion_id", sa.String(128)),
    sa.Index("llamadas_por_lead", "lead_id", "id"),
    sa.Index("llamadas_por_telefono", "telefono_norm"),
    sa.Index("llamadas_por_momento", "momento", "status_level_1", "conPack"),
    **OPCIONES,
)

cambios_de_estado = sa.Table(
    "cambios_de_estado",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lead_id", sa.Integer, nullable=False),
    sa.Column("momento", Momento, nullable=False),
    sa.Column("origen", sa.String(20), nullable=False),
    sa.Column("usuario_id", sa.Integer),
    sa.Column("de_nivel_1", sa.Unicode(100)),
    sa.Column("de_nivel_2", sa.Unicode(255)),
    sa.Column("a_nivel_1", sa.Unicode(100)),
    sa.Column("a_nivel_2", sa.Unicode(255)),
    sa.Index("cambios_por_lead", "lead_id", "id"),
    sa.Index("cambios_por_momento", "momento"),
    **OPCIONES,
)

rellamadas = sa.Table(
    "rellamadas",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lead_id", sa.Integer, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
    # Igual a `lead_id` mientras está pendiente y NULL después: como mucho una pendiente por contacto.
    sa.Column("pendiente_de", sa.Integer, unique=True),
    sa.Column("momento", Momento, nullable=False),
    sa.Column("estado", sa.String(20), nullable=False),  # pendiente, sustituida o cancelada
    sa.Column("motivo", sa.UnicodeText),
    sa.Column("codigo", sa.Unicode(50)),
    sa.Column("agente_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("creada_en", Momento, nullable=False),
    sa.Column("cerrada_en", Momento),
    sa.Index("rellamadas_por_momento", "estado", "momento"),
    sa.Index("rellamadas_por_lead", "lead_id", "id"),
    **OPCIONES,
)
