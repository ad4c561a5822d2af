import pytest

from canales.arranque import crear_app
from canales.config import Ajustes


@pytest.fixture
def app(url, tmp_path):
    app = crear_app(
        Ajustes(_env_file=None, base_de_datos=url, directorio_datos=tmp_path, formato_registros="json")
    )
    yield app
    app.extensions["bd"].cerrar()


@pytest.fixture
def ana(web) -> int:
    """Un cliente ya registrado."""
    salida = web.post("/cliente", json={"nombre": "Ana Gómez", "tipo_servicio": "consultoría"})
    return int(salida.headers["Location"].rsplit("/", 1)[1])
