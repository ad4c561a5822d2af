import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chasis.eventos.tablas import METADATOS as EVENTOS
from chasis.idempotencia import TABLA
from tuotempo_leads.infraestructura.tablas import metadatos


def test_las_migraciones_crean_exactamente_las_tablas_del_codigo(app):
    todas = sa.MetaData()
    for tabla in (*metadatos.sorted_tables, TABLA, *EVENTOS.sorted_tables):
        tabla.to_metadata(todas)
    with app.extensions["bd"].lectura() as conexion:
        diferencias = compare_metadata(MigrationContext.configure(conexion), todas)
    assert diferencias == []
