"""Tablas de partners-service; las crea `migraciones/`. Las fechas son UTC sin zona."""

from __future__ import annotations

import sqlalchemy as sa

metadatos = sa.MetaData()
_objeto = sa.JSON(none_as_null=True)

partners = sa.Table(
    "partners",
    metadatos,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("nombre", sa.Unicode(255), nullable=False),
    sa.Column("email", sa.String(255), nullable=False),
    # Sin mayúsculas: decide si ya existe.
    sa.Column("email_clave", sa.String(255), nullable=False, unique=True),
    sa.Column("busqueda", sa.UnicodeText, nullable=False),  # nombre y email sin mayúsculas, para `q`
    sa.Column("telefono", sa.Unicode(50)),
    sa.Column("direccion", sa.UnicodeText),
    sa.Column("estado", sa.String(20), nullable=False),
    sa.Column("estado_kyc", sa.String(20), nullable=False),
    sa.Column("documentos_kyc", _objeto),
    sa.Column("fecha_creacion", sa.DateTime, nullable=False),
    sa.Column("fecha_actualizacion", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("partners_por_fecha", "fecha_creacion", "id"),
)

integraciones = sa.Table(
    "integraciones",
    metadatos,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("partner_id", sa.ForeignKey("partners.id"), nullable=False),
    sa.Column("tipo", sa.String(20), nullable=False),
    sa.Column("nombre", sa.Unicode(255), nullable=False),
    sa.Column("descripcion", sa.UnicodeText),
    sa.Column("configuracion", sa.LargeBinary),  # cifrada
    sa.Column("activa", sa.Boolean, nullable=False),
    sa.Column("fecha_creacion", sa.DateTime, nullable=False),
    sa.Column("fecha_revocacion", sa.DateTime),
    sa.Column("motivo_revocacion", sa.UnicodeText),
    sa.Index("integraciones_por_partner", "partner_id", "fecha_creacion", "id"),
)

historial_kyc = sa.Table(
    "historial_kyc",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("partner_id", sa.ForeignKey("partners.id"), nullable=False),
    sa.Column("de", sa.String(20), nullable=False),
    sa.Column("a", sa.String(20), nullable=False),
    sa.Column("comentarios", sa.UnicodeText),
    sa.Column("documentos", _objeto),
    sa.Column("fecha", sa.DateTime, nullable=False),
    sa.Index("historial_kyc_por_partner", "partner_id", "id"),
)
