import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from chasis.eventos import tablas as eventos
from chasis.idempotencia import TABLA
from espacio_clientes import arranque, esquema
from espacio_clientes.infraestructura.tablas import metadatos


def test_las_migraciones_crean_exactamente_las_tablas_del_codigo(piezas):
    todas = sa.MetaData()
    for tabla in (*metadatos.sorted_tables, TABLA, *eventos.METADATOS.sorted_tables):
        tabla.to_metadata(todas)
    with piezas.bd.lectura() as conexion:
        assert compare_metadata(MigrationContext.configure(conexion), todas) == []


def test_el_esquema_de_oracle_es_el_de_la_ultima_migracion():
    carpeta = arranque.MIGRACIONES
    assert ScriptDirectory(carpeta).get_current_head() == esquema.VERSION
