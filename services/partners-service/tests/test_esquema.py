import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chasis.idempotencia import TABLA
from partners.modulos.partners.infraestructura.dto import metadatos


def test_las_migraciones_crean_exactamente_las_tablas_del_codigo(app):
    todas = sa.MetaData()
    for tabla in (*metadatos.sorted_tables, TABLA):
        tabla.to_metadata(todas)
    with app.extensions["bd"].lectura() as conexion:
        contexto = MigrationContext.configure(
            conexion, opts={"include_name": lambda n, t, p: n != "ix_idempotencia_caduca"}
        )
        diferencias = compare_metadata(contexto, todas)
    assert [d for d in diferencias if not (isinstance(d, list) and d[0][0] == "modify_nullable")] == []
