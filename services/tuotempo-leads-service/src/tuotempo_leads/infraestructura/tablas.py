"""Tablas de tuotempo-leads-service; las crea `migraciones/`.

Las horas son UTC, salvo `leads.cita` y `leads.hora_rellamada`: son la hora de reloj (en `ZONA_HORARIA`) que dijo
quien llamó, como las enseña el README y como viajan en las hojas de cálculo.
"""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tablas_de_acceso import (
    intentos_de_acceso,
    sesiones,
    usuarios,
    vistas_guardadas,
)
from tuotempo_leads.infraestructura.tablas_de_cargas import (
    correspondencias,
    importaciones,
    importaciones_erroneas,
    recargas,
)
from tuotempo_leads.infraestructura.tablas_de_citas import catalogos, citas, clinicas, tareas
from tuotempo_leads.infraestructura.tablas_de_llamadas import cambios_de_estado, llamadas, rellamadas
from tuotempo_leads.infraestructura.tablas_de_reparto import asignaciones, repartos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, clave

__all__ = [
    "asignaciones",
    "cambios_de_estado",
    "catalogos",
    "citas",
    "clinicas",
    "correspondencias",
    "exclusiones",
    "importaciones",
    "importaciones_erroneas",
    "intentos_de_acceso",
    "lead_palabras",
    "leads",
    "llamadas",
    "metadatos",
    "recargas",
    "rellamadas",
    "repartos",
    "sesiones",
    "tareas",
    "usuarios",
    "vistas_guardadas",
]

leads = sa.Table(
    "leads",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("nombre", sa.Unicode(100)),
    sa.Column("apellidos", sa.Unicode(150)),
    sa.Column("nombre_clinica", sa.Unicode(255)),
    sa.Column("direccion_clinica", sa.Unicode(255)),
    sa.Column("codigo_postal", sa.String(10)),
    sa.Column("ciudad", sa.Unicode(100)),
    sa.Column("telefono", sa.String(20)),
    sa.Column("telefono2", sa.String(20)),
    # Las dos normalizadas las escribe siempre `dominio.telefonos.normalizar`; vacía si el número no vale.
    sa.Column("telefono_norm", clave(9), nullable=False, server_default=""),
    sa.Column("telefono2_norm", clave(9), nullable=False, server_default=""),
    sa.Column("email", sa.Unicode(255)),
    sa.Column("nif", sa.String(20)),
    sa.Column("sexo", sa.Unicode(50)),
    sa.Column("fecha_nacimiento", sa.Date),
    sa.Column("area_id", clave(100)),
    sa.Column("match_source", sa.Unicode(50)),
    sa.Column("match_confidence", sa.Integer),
    sa.Column("certificado", sa.Unicode(255)),
    sa.Column("clinica_id", sa.Unicode(255)),
    sa.Column("delegacion", sa.Unicode(255)),
    sa.Column("poliza", sa.Unicode(255)),
    sa.Column("segmento", sa.Unicode(255)),
    sa.Column("orden", sa.Integer),
    sa.Column("cita", Momento),
    sa.Column("conPack", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("ultimo_estado", sa.String(20)),
    sa.Column("resultado_llamada", sa.String(20)),
    sa.Column("status_level_1", sa.Unicode(100)),
    sa.Column("status_level_2", sa.Unicode(255)),
    sa.Column("hora_rellamada", Momento),
    sa.Column("error_tecnico", sa.Boolean),
    sa.Column("razon_vuelta_a_llamar", sa.UnicodeText),
    sa.Column("razon_no_interes", sa.UnicodeText),
    sa.Column("call_id", sa.String(255)),
    sa.Column("call_time", Momento),
    sa.Column("call_duration", sa.Integer),
    sa.Column("call_summary", sa.UnicodeText),
    sa.Column("call_recording_url", sa.String(512)),
    sa.Column("call_status", sa.Unicode(50)),
    sa.Column("call_attempts_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_call_attempt", Momento),
    sa.Column("lead_status", sa.String(10), nullable=False, server_default="open"),
    sa.Column("closure_reason", sa.Unicode(255)),
    sa.Column("manual_management", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reserva_automatica", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("preferencia_horario", sa.Unicode(10)),
    sa.Column("fecha_minima_reserva", sa.Date),
    sa.Column("agente_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("origen_archivo", sa.Unicode(255)),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),  # crece con cada cambio
    sa.Column("created_at", Momento, nullable=False),
    sa.Column("updated_at", Momento, nullable=False),
    sa.Index("leads_por_telefono", "telefono_norm"),
    sa.Index("leads_por_telefono2", "telefono2_norm"),
    sa.Index("leads_por_estado", "status_level_1", "status_level_2", "conPack"),
    sa.Index("leads_por_codigo_postal", "codigo_postal"),
    sa.Index("leads_por_intentos", "call_attempts_count"),
    sa.Index("leads_por_resultado", "resultado_llamada"),
    sa.Index("leads_por_origen", "origen_archivo"),
    sa.Index("leads_por_llamada", "call_time"),
    sa.Index("leads_por_agente", "agente_id"),
    **OPCIONES,
)

# Por dónde se encuentra a un lead: las escribe siempre `infraestructura.palabras`.
lead_palabras = sa.Table(
    "lead_palabras",
    metadatos,
    sa.Column("lead_id", sa.Integer, sa.ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("palabra", clave(40), primary_key=True),
    sa.Index("palabras_por_texto", "palabra", "lead_id"),
    sqlite_with_rowid=False,
    **OPCIONES,
)

exclusiones = sa.Table(
    "exclusiones",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("telefono_norm", clave(9), nullable=False),
    sa.Column("origen", sa.String(20), nullable=False),  # interna, robinson o rne
    sa.Column("motivo", sa.Unicode(255)),
    sa.Column("fecha", Momento, nullable=False),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.UniqueConstraint("telefono_norm", "origen"),
    **OPCIONES,
)
