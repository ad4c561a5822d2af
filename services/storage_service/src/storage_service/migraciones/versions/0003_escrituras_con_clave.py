"""De qué petición es cada escritura anotada, para reconocerla si su proceso muere sin contestar."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("intenciones", sa.Column("clave", sa.String(255)))
    op.add_column(
        "intenciones", sa.Column("hecha", sa.SmallInteger, nullable=False, server_default=sa.text("0"))
    )
