import pytest
import sqlalchemy as sa

from chasis.bd import BaseDeDatos
from chasis.eventos import tablas
from tests import ejemplo_del_chasis
from tests.contenedores import MOTORES


@pytest.fixture(params=MOTORES)
def bd(request, url_vacia):
    """Una base de datos con las tablas de eventos y otra donde dejar huella del efecto, en cada motor."""
    bd = BaseDeDatos(url_vacia(request.param))
    with bd.escritura() as conexion:
        tablas.METADATOS.create_all(conexion)
        conexion.execute(sa.text("CREATE TABLE efectos (clave VARCHAR(50), numero INTEGER)"))
    yield bd
    bd.cerrar()


@pytest.fixture
def de_cosas(tmp_path):
    """La base de la aplicación de ejemplo."""
    with ejemplo_del_chasis.base(tmp_path) as bd:
        yield bd


@pytest.fixture
def app(de_cosas):
    return ejemplo_del_chasis.aplicacion(de_cosas)
