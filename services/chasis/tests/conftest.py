import pytest
import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos import tablas


@pytest.fixture
def bd(tmp_path):
    """Una base de datos con las tablas de eventos y otra donde dejar huella del efecto."""
    bd = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path / 'eventos.sqlite'}")
    with bd.escritura() as conexion:
        tablas.METADATOS.create_all(conexion)
        conexion.execute(sa.text("CREATE TABLE efectos (clave VARCHAR(50), numero INTEGER)"))
    yield bd
    bd.cerrar()
