"""Índices de las cifras y de los filtros del panel: ninguna página recorre la tabla entera."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("leads_por_estado", "leads")
    op.create_index("leads_por_estado", "leads", ["status_level_1", "status_level_2", "conPack"])
    op.create_index("leads_por_codigo_postal", "leads", ["codigo_postal"])
    op.create_index("leads_por_intentos", "leads", ["call_attempts_count"])
    op.drop_index("llamadas_por_momento", "llamadas")
    op.create_index("llamadas_por_momento", "llamadas", ["momento", "status_level_1", "conPack"])
