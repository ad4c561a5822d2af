"""Quién entra: usuarios, sus vistas guardadas, sesiones abiertas e intentos fallidos."""

from __future__ import annotations

import sqlalchemy as sa

from tuotempo_leads.infraestructura.metadatos import metadatos
from tuotempo_leads.infraestructura.tipos import OPCIONES, Momento, clave

usuarios = sa.Table(
    "usuarios",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", clave(50), nullable=False, unique=True),
    sa.Column("password_hash", sa.String(255), nullable=False),
    sa.Column("rol", sa.String(20), nullable=False, server_default="agente"),  # agente, supervisor o admin
    sa.Column("email", clave(255), unique=True),
    sa.Column("activo", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("creado_en", Momento, nullable=False),
    sa.Column("actualizado_en", Momento, nullable=False),
    **OPCIONES,
)

sesiones = sa.Table(
    "sesiones",
    metadatos,
    sa.Column("token_hash", clave(64), primary_key=True),  # SHA-256 del testigo: el testigo no se guarda
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="CASCADE"), nullable=False),
    sa.Column("csrf_hash", clave(64), nullable=False),
    sa.Column("creada_en", Momento, nullable=False),
    sa.Column("usada_en", Momento, nullable=False),
    sa.Column("vence_en", Momento, nullable=False),
    sa.Column("direccion", sa.String(64)),
    sa.Column("navegador", sa.Unicode(255)),
    sa.Index("sesiones_por_usuario", "usuario_id"),
    sa.Index("sesiones_por_vencimiento", "vence_en"),
    **OPCIONES,
)

intentos_de_acceso = sa.Table(
    "intentos_de_acceso",
    metadatos,
    # `usuario:<nombre>` o `direccion:<ip>`: se cuenta por cuenta y por origen.
    sa.Column("clave", clave(150), primary_key=True),
    sa.Column("fallos", sa.Integer, nullable=False),
    sa.Column("ultimo", Momento, nullable=False),
    sa.Column("bloqueado_hasta", Momento),
    **OPCIONES,
)

vistas_guardadas = sa.Table(
    "vistas_guardadas",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("usuario_id", sa.Integer, sa.ForeignKey("usuarios.id", ondelete="CASCADE"), nullable=False),
    sa.Column("nombre", sa.Unicode(100), nullable=False),
    sa.Column("filtros", sa.UnicodeText, nullable=False),  # la consulta de la dirección, tal cual
    sa.Column("creada_en", Momento, nullable=False),
    sa.UniqueConstraint("usuario_id", "nombre"),
    **OPCIONES,
)
