from itertools import count

import pytest
import sqlalchemy as sa

from tests.contenedores import INTEGRACION, mysql
from tuotempo_leads.arranque import crear_app
from tuotempo_leads.config import Ajustes

_NUMERO = count(1)


@pytest.fixture(scope="session")
def servidor_mysql():
    with mysql() as url:
        motor = sa.create_engine(url)
        yield motor
        motor.dispose()


@pytest.fixture(params=["sqlite", "mysql"] if INTEGRACION else ["sqlite"])
def url_de_la_base(request):
    """Vacía para SQLite; si no, una base recién creada en un MySQL de verdad."""
    if request.param == "sqlite":
        yield ""
        return
    motor, nombre = request.getfixturevalue("servidor_mysql"), f"prueba_{next(_NUMERO)}"
    with motor.begin() as conexion:
        conexion.execute(sa.text(f"CREATE DATABASE {nombre}"))
    yield motor.url.set(database=nombre).render_as_string(hide_password=False)
    with motor.begin() as conexion:
        conexion.execute(sa.text(f"DROP DATABASE {nombre}"))


@pytest.fixture
def ajustes(tmp_path, url_de_la_base):
    return Ajustes(
        _env_file=None, directorio_datos=tmp_path, base_de_datos=url_de_la_base, formato_registros="json"
    )


@pytest.fixture
def app(ajustes):
    app = crear_app(ajustes)
    yield app
    app.extensions["bd"].cerrar()


@pytest.fixture
def web(app):
    return app.test_client()
