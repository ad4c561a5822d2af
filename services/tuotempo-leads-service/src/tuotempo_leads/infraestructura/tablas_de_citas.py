"""Citas, el directorio de clínicas, la copia del catálogo de centros y los turnos de las tareas periódicas."""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, TextoLargo, clave

citas = sa.Table(
    "citas",
    metadatos,
    sa.Column("id", clave(36), primary_key=True),
    sa.Column("lead_id", sa.Integer),
    sa.Column("telefono_norm", clave(9), nullable=False),
    sa.Column("nombre", sa.Unicode(255)),
    # en_curso, confirmada, rechazada o desconocida
    sa.Column("estado", sa.String(20), nullable=False),
    # Identidad del hueco mientras lo ocupa esta cita; NULL si no: nadie más puede tenerlo a la vez.
    sa.Column("hueco_ocupado", clave(64), unique=True),
    sa.Column("resid", clave(255)),
    sa.Column("memberid", clave(100)),
    sa.Column("area_id", clave(100)),
    sa.Column("centro", sa.Unicode(255)),
    sa.Column("recurso_id", clave(255)),
    sa.Column("recurso", sa.Unicode(255)),
    sa.Column("actividad_id", clave(100)),
    sa.Column("actividad", sa.Unicode(255)),
    sa.Column("inicio", Momento, nullable=False),
    sa.Column("fin", Momento),
    sa.Column("con_pack", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("entorno", sa.String(10), nullable=False),  # PRE o PRO
    sa.Column("motivo", sa.String(100)),  # excepción de TuoTempo, o la causa de que no se sepa
    sa.Column("mensaje", sa.UnicodeText),
    sa.Column("disponibilidad", sa.UnicodeText, nullable=False),  # JSON del hueco, tal como se confirmó
    sa.Column("reprogramada_desde", clave(36)),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="SET NULL")),
    sa.Column("comprobaciones", sa.Integer, nullable=False, server_default="0"),
    sa.Column("comprobada_en", Momento),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("creada_en", Momento, nullable=False),
    sa.Column("actualizada_en", Momento, nullable=False),
    sa.Index("citas_por_estado", "estado", "inicio"),
    sa.Index("citas_por_telefono", "telefono_norm"),
    sa.Index("citas_por_lead", "lead_id"),
    sa.Index("citas_por_area", "area_id", "inicio"),
    **OPCIONES,
)

clinicas = sa.Table(
    "clinicas",
    metadatos,
    sa.Column("areaid", clave(255), primary_key=True),
    sa.Column("areaTitle", sa.Unicode(255), nullable=False),
    sa.Column("address", sa.UnicodeText, nullable=False),
    sa.Column("cp", sa.String(10), nullable=False),
    sa.Column("city", sa.Unicode(100), nullable=False),
    sa.Column("province", sa.Unicode(100), nullable=False),
    sa.Column("phone", sa.String(50), nullable=False),
    # Sin acentos ni mayúsculas, para buscar igual en cualquier base de datos.
    sa.Column("titulo_plegado", sa.Unicode(255), nullable=False),
    sa.Column("direccion_plegada", sa.UnicodeText, nullable=False),
    sa.Column("actualizada_en", Momento, nullable=False),
    sa.Index("clinicas_por_cp", "cp"),
    sa.Index("clinicas_por_provincia", "province"),
    **OPCIONES,
)

catalogos = sa.Table(
    "catalogos",
    metadatos,
    sa.Column("clave", clave(100), primary_key=True),  # entorno e idioma
    sa.Column("cuerpo", TextoLargo, nullable=False),  # la última respuesta buena de `/areas`
    sa.Column("traido_en", Momento, nullable=False),
    **OPCIONES,
)

tareas = sa.Table(
    "tareas",
    metadatos,
    sa.Column("nombre", clave(50), primary_key=True),
    sa.Column("trabajador", sa.String(100)),
    sa.Column("vence_turno", Momento),
    sa.Column("hecha_en", Momento),
    **OPCIONES,
)
