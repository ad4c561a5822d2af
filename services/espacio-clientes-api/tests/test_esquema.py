from alembic.script import ScriptDirectory

from espacio_clientes import arranque, esquema
from espacio_clientes.infraestructura.tablas import metadatos


def test_las_migraciones_crean_exactamente_las_tablas_del_codigo(piezas, diferencias_con_la_base):
    assert diferencias_con_la_base(piezas.bd, *metadatos.sorted_tables) == []


def test_el_esquema_de_oracle_es_el_de_la_ultima_migracion():
    carpeta = arranque.MIGRACIONES
    assert ScriptDirectory(carpeta).get_current_head() == esquema.VERSION
