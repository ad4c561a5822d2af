"""Partners, sus integraciones, la historia de su KYC, idempotencia y eventos."""

import sqlalchemy as sa
from alembic import op

from chasis.migraciones import crear_eventos, crear_idempotencia

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("nombre", sa.Unicode(255), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("email_clave", sa.String(255), nullable=False, unique=True),
        sa.Column("busqueda", sa.UnicodeText, nullable=False),
        sa.Column("telefono", sa.Unicode(50)),
        sa.Column("direccion", sa.UnicodeText),
        sa.Column("estado", sa.String(20), nullable=False),
        sa.Column("estado_kyc", sa.String(20), nullable=False),
        sa.Column("documentos_kyc", sa.JSON(none_as_null=True)),
        sa.Column("fecha_creacion", sa.DateTime, nullable=False),
        sa.Column("fecha_actualizacion", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("partners_por_fecha", "partners", ["fecha_creacion", "id"])
    op.create_table(
        "integraciones",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("partner_id", sa.String(36), sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("tipo", sa.String(20), nullable=False),
        sa.Column("nombre", sa.Unicode(255), nullable=False),
        sa.Column("descripcion", sa.UnicodeText),
        sa.Column("configuracion", sa.LargeBinary),
        sa.Column("activa", sa.Boolean, nullable=False),
        sa.Column("fecha_creacion", sa.DateTime, nullable=False),
        sa.Column("fecha_revocacion", sa.DateTime),
        sa.Column("motivo_revocacion", sa.UnicodeText),
    )
    op.create_index("integraciones_por_partner", "integraciones", ["partner_id", "fecha_creacion", "id"])
    op.create_table(
        "historial_kyc",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("partner_id", sa.String(36), sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("de", sa.String(20), nullable=False),
        sa.Column("a", sa.String(20), nullable=False),
        sa.Column("comentarios", sa.UnicodeText),
        sa.Column("documentos", sa.JSON(none_as_null=True)),
        sa.Column("fecha", sa.DateTime, nullable=False),
    )
    op.create_index("historial_kyc_por_partner", "historial_kyc", ["partner_id", "id"])
    crear_idempotencia()
    crear_eventos()
