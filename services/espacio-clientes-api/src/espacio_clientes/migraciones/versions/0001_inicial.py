"""Tablas de espacio-clientes, idempotencia y eventos."""

import sqlalchemy as sa
from alembic import op

from chasis.migraciones import crear_eventos, crear_idempotencia

revision = "0001"
down_revision = None

DINERO = sa.Numeric(15, 2).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "auditoria",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("momento", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.Unicode(length=35), nullable=False),
        sa.Column("accion", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.Unicode(length=200), nullable=True),
        sa.Column("peticion", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "clientes",
        sa.Column("documento", sa.Unicode(length=15), nullable=False),
        sa.Column("nombre", sa.Unicode(length=100), nullable=False),
        sa.PrimaryKeyConstraint("documento"),
    )
    op.create_table(
        "intentos_fallidos",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("usuario", sa.Unicode(length=35), nullable=False),
        sa.Column("momento", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("intentos_por_usuario", "intentos_fallidos", ["usuario", "momento"])
    op.create_index("ix_intentos_fallidos_momento", "intentos_fallidos", ["momento"])
    op.create_table(
        "libro",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asientos", sa.Integer(), nullable=False),
        sa.Column("recibos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "pagos",
        sa.Column("cod_transaccion", sa.Unicode(length=20), nullable=False),
        sa.Column("idsession", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.Unicode(length=35), nullable=False),
        sa.Column("documento", sa.Unicode(length=15), nullable=False),
        sa.Column("nombre", sa.Unicode(length=100), nullable=False),
        sa.Column("moneda", sa.Integer(), nullable=False),
        sa.Column("total", DINERO, nullable=False),
        sa.Column("comision", DINERO, nullable=False),
        sa.Column("estado", sa.String(length=12), nullable=False),
        sa.Column("orden", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("recibo", sa.Integer(), nullable=True),
        sa.Column("creado_en", sa.DateTime(), nullable=False),
        sa.Column("cambiado_en", sa.DateTime(), nullable=False),
        sa.Column("anulacion_pedida_por", sa.Unicode(length=35), nullable=True),
        sa.PrimaryKeyConstraint("cod_transaccion"),
        sa.UniqueConstraint("recibo"),
    )
    op.create_index("pagos_por_anular", "pagos", ["anulacion_pedida_por"])
    op.create_index("pagos_por_estado", "pagos", ["estado", "cambiado_en"])
    op.create_table(
        "sesiones",
        sa.Column("idsession", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("usuario", sa.Unicode(length=35), nullable=False),
        sa.Column("documento", sa.Unicode(length=15), nullable=False),
        sa.Column("nombre", sa.Unicode(length=100), nullable=False),
        sa.Column("moneda", sa.Integer(), nullable=False),
        sa.Column("abierta_en", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("idsession"),
    )
    op.create_index("ix_sesiones_abierta_en", "sesiones", ["abierta_en"])
    op.create_table(
        "tokens_revocados",
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("caduca_en", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("jti"),
    )
    op.create_index("ix_tokens_revocados_caduca_en", "tokens_revocados", ["caduca_en"])
    op.create_table(
        "usuarios",
        sa.Column("usuario", sa.Unicode(length=35), nullable=False),
        sa.Column("clave", sa.String(length=200), nullable=False),
        sa.Column("rol", sa.String(length=10), nullable=False),
        sa.Column("documento", sa.Unicode(length=15), nullable=True),
        sa.PrimaryKeyConstraint("usuario"),
    )
    op.create_table(
        "carrito",
        sa.Column("idsession", sa.Integer(), nullable=False),
        sa.Column("codmovimiento", sa.Unicode(length=20), nullable=False),
        sa.Column("descripcion", sa.Unicode(length=100), nullable=False),
        sa.Column("importe", DINERO, nullable=False),
        sa.Column("comision", DINERO, nullable=False),
        sa.ForeignKeyConstraint(
            ["idsession"],
            ["sesiones.idsession"],
        ),
        sa.PrimaryKeyConstraint("idsession", "codmovimiento"),
    )
    op.create_table(
        "deudas",
        sa.Column("codmovimiento", sa.Unicode(length=20), nullable=False),
        sa.Column("documento", sa.Unicode(length=15), nullable=False),
        sa.Column("moneda", sa.Integer(), nullable=False),
        sa.Column("descripcion", sa.Unicode(length=100), nullable=False),
        sa.Column("impo_maxi", DINERO, nullable=False),
        sa.Column("impo_tota", DINERO, nullable=False),
        sa.Column("fech_venc", sa.Date(), nullable=False),
        sa.Column("observacion", sa.Unicode(length=200), nullable=True),
        sa.Column("seq_di", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["documento"],
            ["clientes.documento"],
        ),
        sa.PrimaryKeyConstraint("codmovimiento"),
    )
    op.create_index("deudas_por_documento", "deudas", ["documento", "moneda"])
    op.create_table(
        "lineas_pago",
        sa.Column("cod_transaccion", sa.Unicode(length=20), nullable=False),
        sa.Column("codmovimiento", sa.Unicode(length=20), nullable=False),
        sa.Column("descripcion", sa.Unicode(length=100), nullable=False),
        sa.Column("importe", DINERO, nullable=False),
        sa.Column("comision", DINERO, nullable=False),
        sa.Column("ocupa", sa.Unicode(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["cod_transaccion"],
            ["pagos.cod_transaccion"],
        ),
        sa.PrimaryKeyConstraint("cod_transaccion", "codmovimiento"),
        sa.UniqueConstraint("ocupa"),
    )
    op.create_table(
        "movimientos_pago",
        sa.Column("numero", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cod_transaccion", sa.Unicode(length=20), nullable=False),
        sa.Column("orden", sa.Integer(), nullable=False),
        sa.Column("antes", sa.String(length=12), nullable=True),
        sa.Column("despues", sa.String(length=12), nullable=False),
        sa.Column("importe", DINERO, nullable=False),
        sa.Column("moneda", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Unicode(length=35), nullable=False),
        sa.Column("peticion", sa.String(length=128), nullable=True),
        sa.Column("momento", sa.DateTime(), nullable=False),
        sa.Column("previa", sa.String(length=64), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cod_transaccion"],
            ["pagos.cod_transaccion"],
        ),
        sa.PrimaryKeyConstraint("numero"),
        sa.UniqueConstraint("cod_transaccion", "orden", name="un_asiento_por_paso"),
    )
    op.execute("INSERT INTO libro (id, asientos, recibos) VALUES (1, 0, 0)")
    crear_idempotencia()
    crear_eventos()
