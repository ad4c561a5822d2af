"""Todas las tablas del servicio, idempotencia y eventos."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from chasis.migraciones import crear_eventos, crear_idempotencia

revision = "0001"
down_revision = None

OPCIONES: dict[str, Any] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_0900_ai_ci",
    "mysql_engine": "InnoDB",
}
MOMENTO = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
TEXTO_LARGO = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")


def _clave(largo: int) -> sa.String:
    binaria = mysql.VARCHAR(largo, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(largo).with_variant(binaria, "mysql")


def _claves_letra_a_letra(*tablas: str) -> None:
    """Las tablas del chasis no saben de MySQL: sin esto, las claves `a` y `A` serían la misma."""
    if op.get_bind().dialect.name == "mysql":
        for tabla in tablas:
            op.execute(f"ALTER TABLE {tabla} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")


def upgrade() -> None:
    op.create_table(
        "cambios_de_estado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("momento", MOMENTO, nullable=False),
        sa.Column("origen", sa.String(length=20), nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("de_nivel_1", sa.Unicode(length=100)),
        sa.Column("de_nivel_2", sa.Unicode(length=255)),
        sa.Column("a_nivel_1", sa.Unicode(length=100)),
        sa.Column("a_nivel_2", sa.Unicode(length=255)),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("cambios_por_lead", "cambios_de_estado", ["lead_id", "id"])
    op.create_index("cambios_por_momento", "cambios_de_estado", ["momento"])
    op.create_table(
        "catalogos",
        sa.Column("clave", _clave(100), nullable=False),
        sa.Column("cuerpo", TEXTO_LARGO, nullable=False),
        sa.Column("traido_en", MOMENTO, nullable=False),
        sa.PrimaryKeyConstraint("clave"),
        **OPCIONES,
    )
    op.create_table(
        "clinicas",
        sa.Column("areaid", _clave(255), nullable=False),
        sa.Column("areaTitle", sa.Unicode(length=255), nullable=False),
        sa.Column("address", sa.UnicodeText(), nullable=False),
        sa.Column("cp", sa.String(length=10), nullable=False),
        sa.Column("city", sa.Unicode(length=100), nullable=False),
        sa.Column("province", sa.Unicode(length=100), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("titulo_plegado", sa.Unicode(length=255), nullable=False),
        sa.Column("direccion_plegada", sa.UnicodeText(), nullable=False),
        sa.Column("actualizada_en", MOMENTO, nullable=False),
        sa.PrimaryKeyConstraint("areaid"),
        **OPCIONES,
    )
    op.create_index("clinicas_por_cp", "clinicas", ["cp"])
    op.create_index("clinicas_por_provincia", "clinicas", ["province"])
    op.create_table(
        "intentos_de_acceso",
        sa.Column("clave", _clave(150), nullable=False),
        sa.Column("fallos", sa.Integer(), nullable=False),
        sa.Column("ultimo", MOMENTO, nullable=False),
        sa.Column("bloqueado_hasta", MOMENTO),
        sa.PrimaryKeyConstraint("clave"),
        **OPCIONES,
    )
    op.create_table(
        "llamadas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("telefono_norm", _clave(9), nullable=False),
        sa.Column("momento", MOMENTO, nullable=False),
        sa.Column("origen", sa.String(length=20), nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("status_level_1", sa.Unicode(length=100)),
        sa.Column("status_level_2", sa.Unicode(length=255)),
        sa.Column("conPack", sa.Boolean()),
        sa.Column("cita", MOMENTO),
        sa.Column("hora_rellamada", MOMENTO),
        sa.Column("error_tecnico", sa.Boolean()),
        sa.Column("razon_vuelta_a_llamar", sa.UnicodeText()),
        sa.Column("razon_no_interes", sa.UnicodeText()),
        sa.Column("codigo_no_interes", sa.Unicode(length=50)),
        sa.Column("codigo_volver_llamar", sa.Unicode(length=50)),
        sa.Column("peticion_id", sa.String(length=128)),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("llamadas_por_lead", "llamadas", ["lead_id", "id"])
    op.create_index("llamadas_por_momento", "llamadas", ["momento"])
    op.create_index("llamadas_por_telefono", "llamadas", ["telefono_norm"])
    op.create_table(
        "tareas",
        sa.Column("nombre", _clave(50), nullable=False),
        sa.Column("trabajador", sa.String(length=100)),
        sa.Column("vence_turno", MOMENTO),
        sa.Column("hecha_en", MOMENTO),
        sa.PrimaryKeyConstraint("nombre"),
        **OPCIONES,
    )
    op.create_table(
        "usuarios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", _clave(50), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("rol", sa.String(length=20), server_default="agente", nullable=False),
        sa.Column("email", _clave(255)),
        sa.Column("activo", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("creado_en", MOMENTO, nullable=False),
        sa.Column("actualizado_en", MOMENTO, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("username"),
        **OPCIONES,
    )
    op.create_table(
        "citas",
        sa.Column("id", _clave(36), nullable=False),
        sa.Column("lead_id", sa.Integer()),
        sa.Column("telefono_norm", _clave(9), nullable=False),
        sa.Column("nombre", sa.Unicode(length=255)),
        sa.Column("estado", sa.String(length=20), nullable=False),
        sa.Column("hueco_ocupado", _clave(64)),
        sa.Column("resid", _clave(255)),
        sa.Column("memberid", _clave(100)),
        sa.Column("area_id", _clave(100)),
        sa.Column("centro", sa.Unicode(length=255)),
        sa.Column("recurso_id", _clave(255)),
        sa.Column("recurso", sa.Unicode(length=255)),
        sa.Column("actividad_id", _clave(100)),
        sa.Column("actividad", sa.Unicode(length=255)),
        sa.Column("inicio", MOMENTO, nullable=False),
        sa.Column("fin", MOMENTO),
        sa.Column("con_pack", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("entorno", sa.String(length=10), nullable=False),
        sa.Column("motivo", sa.String(length=100)),
        sa.Column("mensaje", sa.UnicodeText()),
        sa.Column("disponibilidad", sa.UnicodeText(), nullable=False),
        sa.Column("reprogramada_desde", _clave(36)),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("comprobaciones", sa.Integer(), server_default="0", nullable=False),
        sa.Column("comprobada_en", MOMENTO),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("creada_en", MOMENTO, nullable=False),
        sa.Column("actualizada_en", MOMENTO, nullable=False),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hueco_ocupado"),
        **OPCIONES,
    )
    op.create_index("citas_por_area", "citas", ["area_id", "inicio"])
    op.create_index("citas_por_estado", "citas", ["estado", "inicio"])
    op.create_index("citas_por_lead", "citas", ["lead_id"])
    op.create_index("citas_por_telefono", "citas", ["telefono_norm"])
    op.create_table(
        "exclusiones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("telefono_norm", _clave(9), nullable=False),
        sa.Column("origen", sa.String(length=20), nullable=False),
        sa.Column("motivo", sa.Unicode(length=255)),
        sa.Column("fecha", MOMENTO, nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("telefono_norm", "origen"),
        **OPCIONES,
    )
    op.create_table(
        "importaciones",
        sa.Column("id", _clave(36), nullable=False),
        sa.Column("estado", sa.String(length=20), nullable=False),
        sa.Column("modo", sa.String(length=20), nullable=False),
        sa.Column("simular", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("origen", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=2000)),
        sa.Column("archivo", sa.Unicode(length=255), nullable=False),
        sa.Column("ruta", sa.Unicode(length=1000)),
        sa.Column("sha256", _clave(64)),
        sa.Column("octetos", sa.BigInteger()),
        sa.Column("procesadas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("filas_por_segundo", sa.Float()),
        sa.Column("total", sa.Integer()),
        sa.Column("creadas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("actualizadas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sin_cambios", sa.Integer(), server_default="0", nullable=False),
        sa.Column("omitidas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("erroneas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("eliminadas", sa.Integer(), server_default="0", nullable=False),
        sa.Column("avisos", sa.UnicodeText()),
        sa.Column("error", sa.UnicodeText()),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("creada_en", MOMENTO, nullable=False),
        sa.Column("empezada_en", MOMENTO),
        sa.Column("terminada_en", MOMENTO),
        sa.Column("cancelar", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("trabajador", sa.String(length=100)),
        sa.Column("vence_turno", MOMENTO),
        sa.Column("intentos", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("importaciones_por_estado", "importaciones", ["estado", "creada_en"])
    op.create_table(
        "leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.Unicode(length=100)),
        sa.Column("apellidos", sa.Unicode(length=150)),
        sa.Column("nombre_clinica", sa.Unicode(length=255)),
        sa.Column("direccion_clinica", sa.Unicode(length=255)),
        sa.Column("codigo_postal", sa.String(length=10)),
        sa.Column("ciudad", sa.Unicode(length=100)),
        sa.Column("telefono", sa.String(length=20)),
        sa.Column("telefono2", sa.String(length=20)),
        sa.Column("telefono_norm", _clave(9), server_default="", nullable=False),
        sa.Column("telefono2_norm", _clave(9), server_default="", nullable=False),
        sa.Column("email", sa.Unicode(length=255)),
        sa.Column("nif", sa.String(length=20)),
        sa.Column("sexo", sa.Unicode(length=50)),
        sa.Column("fecha_nacimiento", sa.Date()),
        sa.Column("area_id", _clave(100)),
        sa.Column("match_source", sa.Unicode(length=50)),
        sa.Column("match_confidence", sa.Integer()),
        sa.Column("certificado", sa.Unicode(length=255)),
        sa.Column("clinica_id", sa.Unicode(length=255)),
        sa.Column("delegacion", sa.Unicode(length=255)),
        sa.Column("poliza", sa.Unicode(length=255)),
        sa.Column("segmento", sa.Unicode(length=255)),
        sa.Column("orden", sa.Integer()),
        sa.Column("cita", MOMENTO),
        sa.Column("conPack", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("ultimo_estado", sa.String(length=20)),
        sa.Column("resultado_llamada", sa.String(length=20)),
        sa.Column("status_level_1", sa.Unicode(length=100)),
        sa.Column("status_level_2", sa.Unicode(length=255)),
        sa.Column("hora_rellamada", MOMENTO),
        sa.Column("error_tecnico", sa.Boolean()),
        sa.Column("razon_vuelta_a_llamar", sa.UnicodeText()),
        sa.Column("razon_no_interes", sa.UnicodeText()),
        sa.Column("call_id", sa.String(length=255)),
        sa.Column("call_time", MOMENTO),
        sa.Column("call_duration", sa.Integer()),
        sa.Column("call_summary", sa.UnicodeText()),
        sa.Column("call_recording_url", sa.String(length=512)),
        sa.Column("call_status", sa.Unicode(length=50)),
        sa.Column("call_attempts_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_call_attempt", MOMENTO),
        sa.Column("lead_status", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("closure_reason", sa.Unicode(length=255)),
        sa.Column("manual_management", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserva_automatica", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("preferencia_horario", sa.Unicode(length=10)),
        sa.Column("fecha_minima_reserva", sa.Date()),
        sa.Column("agente_id", sa.Integer()),
        sa.Column("origen_archivo", sa.Unicode(length=255)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", MOMENTO, nullable=False),
        sa.Column("updated_at", MOMENTO, nullable=False),
        sa.ForeignKeyConstraint(["agente_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("leads_por_agente", "leads", ["agente_id"])
    op.create_index("leads_por_estado", "leads", ["status_level_1", "status_level_2"])
    op.create_index("leads_por_llamada", "leads", ["call_time"])
    op.create_index("leads_por_origen", "leads", ["origen_archivo"])
    op.create_index("leads_por_resultado", "leads", ["resultado_llamada"])
    op.create_index("leads_por_telefono", "leads", ["telefono_norm"])
    op.create_index("leads_por_telefono2", "leads", ["telefono2_norm"])
    op.create_table(
        "sesiones",
        sa.Column("token_hash", _clave(64), nullable=False),
        sa.Column("usuario_id", sa.Integer(), nullable=False),
        sa.Column("csrf_hash", _clave(64), nullable=False),
        sa.Column("creada_en", MOMENTO, nullable=False),
        sa.Column("usada_en", MOMENTO, nullable=False),
        sa.Column("vence_en", MOMENTO, nullable=False),
        sa.Column("direccion", sa.String(length=64)),
        sa.Column("navegador", sa.Unicode(length=255)),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
        **OPCIONES,
    )
    op.create_index("sesiones_por_usuario", "sesiones", ["usuario_id"])
    op.create_index("sesiones_por_vencimiento", "sesiones", ["vence_en"])
    op.create_table(
        "vistas_guardadas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario_id", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.Unicode(length=100), nullable=False),
        sa.Column("filtros", sa.UnicodeText(), nullable=False),
        sa.Column("creada_en", MOMENTO, nullable=False),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("usuario_id", "nombre"),
        **OPCIONES,
    )
    op.create_table(
        "importaciones_erroneas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("importacion_id", _clave(36), nullable=False),
        sa.Column("fila", sa.Integer(), nullable=False),
        sa.Column("columna", sa.Unicode(length=255)),
        sa.Column("valor", sa.UnicodeText()),
        sa.Column("motivo", sa.Unicode(length=500), nullable=False),
        sa.Column("resultado", sa.String(length=20), nullable=False),
        sa.Column("celdas", TEXTO_LARGO),
        sa.ForeignKeyConstraint(["importacion_id"], ["importaciones.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("erroneas_por_importacion", "importaciones_erroneas", ["importacion_id", "fila"])
    op.create_table(
        "recargas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario_id", sa.Integer()),
        sa.Column("archivo", sa.Unicode(length=255)),
        sa.Column("registros_importados", sa.Integer(), server_default="0", nullable=False),
        sa.Column("resultado", sa.String(length=20), nullable=False),
        sa.Column("mensaje", sa.UnicodeText()),
        sa.Column("importacion_id", _clave(36)),
        sa.Column("fecha", MOMENTO, nullable=False),
        sa.ForeignKeyConstraint(["importacion_id"], ["importaciones.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        **OPCIONES,
    )
    op.create_index("recargas_por_fecha", "recargas", ["fecha"])
    op.create_table(
        "rellamadas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("pendiente_de", sa.Integer()),
        sa.Column("momento", MOMENTO, nullable=False),
        sa.Column("estado", sa.String(length=20), nullable=False),
        sa.Column("motivo", sa.UnicodeText()),
        sa.Column("codigo", sa.Unicode(length=50)),
        sa.Column("agente_id", sa.Integer()),
        sa.Column("creada_en", MOMENTO, nullable=False),
        sa.Column("cerrada_en", MOMENTO),
        sa.ForeignKeyConstraint(["agente_id"], ["usuarios.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pendiente_de"),
        **OPCIONES,
    )
    op.create_index("rellamadas_por_lead", "rellamadas", ["lead_id", "id"])
    op.create_index("rellamadas_por_momento", "rellamadas", ["estado", "momento"])
    crear_idempotencia()
    crear_eventos()
    _claves_letra_a_letra("idempotencia", "outbox", "inbox", "inbox_espera", "relay_lease")
