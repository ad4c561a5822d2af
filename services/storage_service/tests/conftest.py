"""El mismo juego de pruebas corre sobre los dos almacenes: una carpeta y un bucket de S3 (el de moto).

Con contenedores, también como en varias máquinas: los documentos en S3 y la base en PostgreSQL.
"""

import os
import uuid

import boto3
import pytest
from moto.server import ThreadedMotoServer

from storage_service.arranque import crear_app
from storage_service.config import Ajustes
from storage_service.infraestructura.almacen import abrir
from tests.contenedores import MOTORES

ALMACENES = ("file", "s3", *(f"s3-{motor}" for motor in MOTORES if motor == "postgresql"))


@pytest.fixture(scope="session")
def servidor_s3():
    servidor = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    servidor.start()
    anfitrion, puerto = servidor.get_host_and_port()
    entorno = {
        "AWS_ENDPOINT_URL": f"http://{anfitrion}:{puerto}",
        "AWS_ACCESS_KEY_ID": "prueba",
        "AWS_SECRET_ACCESS_KEY": "prueba",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    os.environ.update(entorno)
    yield
    servidor.stop()
    for variable in entorno:
        del os.environ[variable]


@pytest.fixture(params=ALMACENES)
def donde(request) -> str:
    return request.param


@pytest.fixture
def url_de_la_base(donde, url_vacia) -> str:
    return url_vacia("postgresql" if donde.endswith("postgresql") else "sqlite")


@pytest.fixture
def url_del_almacen(request, donde, tmp_path) -> str:
    if donde == "file":
        return (tmp_path / "clientes").as_uri()
    request.getfixturevalue("servidor_s3")
    bucket = f"clientes-{uuid.uuid4().hex[:12]}"
    boto3.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return f"s3://{bucket}/produccion"


@pytest.fixture
def almacen(url_del_almacen):
    return abrir(url_del_almacen)


@pytest.fixture
def app(url_del_almacen, url_de_la_base, tmp_path):
    app = crear_app(
        Ajustes(
            _env_file=None,
            base_de_datos=url_de_la_base,
            directorio_datos=tmp_path,
            url_del_almacen=url_del_almacen,
            formato_registros="json",
        )
    )
    yield app
    app.extensions["bd"].cerrar()
