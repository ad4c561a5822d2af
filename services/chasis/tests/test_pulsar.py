"""Con qué se presenta el trabajador ante el broker."""

import pulsar
import pytest

from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.eventos import Eventos
from chasis.eventos.pulsar import Acceso


@pytest.fixture
def cliente(monkeypatch, tmp_path):
    """Lo que recibe `pulsar.Client` con unas variables de entorno."""
    recibido = {}
    monkeypatch.setattr(pulsar, "Client", lambda url, **opciones: recibido.update(opciones, url=url))
    monkeypatch.setattr(pulsar, "AuthenticationToken", lambda ficha: f"con la ficha «{ficha}»")

    def crear(**variables):
        for nombre, valor in variables.items():
            monkeypatch.setenv(nombre, valor)
        bd = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path / 'x.sqlite'}")
        _ = Eventos(bd, AjustesBase(), "prueba").pulsar._cliente
        return recibido

    return crear


def test_sin_token_ni_autoridad_no_se_presenta_y_exige_el_nombre_del_broker(cliente):
    recibido = cliente(PULSAR_URL="pulsar://broker:6650")
    assert recibido["url"] == "pulsar://broker:6650"
    assert recibido["authentication"] is None
    assert recibido["tls_trust_certs_file_path"] is None
    assert recibido["tls_validate_hostname"]


def test_el_token_y_la_autoridad_llegan_al_cliente(cliente):
    recibido = cliente(
        PULSAR_URL="pulsar+ssl://broker:6651", PULSAR_TOKEN="ficha-de-acceso", PULSAR_TLS_CA="/ca.pem"
    )
    assert recibido["authentication"] == "con la ficha «ficha-de-acceso»"
    assert recibido["tls_trust_certs_file_path"] == "/ca.pem"


def test_el_token_no_aparece_al_escribir_los_ajustes(monkeypatch):
    monkeypatch.setenv("PULSAR_TOKEN", "ficha-de-acceso")
    assert "ficha-de-acceso" not in f"{AjustesBase()!r} {Acceso('pulsar://x', 'ficha-de-acceso')!r}"
