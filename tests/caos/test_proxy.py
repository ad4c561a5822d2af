"""El cable que se estropea hace lo que dice: sin esto, una avería que no avería nada parecería superada."""

import pytest
import requests

from tests.caos.proxy import Proxy


@pytest.fixture
def cable(vecino):
    with Proxy(vecino.server_port) as cable:
        yield cable


def pedir(cable, plazo=0.5):
    return requests.get(cable.url, timeout=plazo).status_code


def test_sin_averia_pasa_todo(cable):
    assert pedir(cable) == 200


@pytest.mark.parametrize("averia", ["cortar", "rechazar"])
def test_una_conexion_rota_se_ve_como_rota_y_despues_vuelve(cable, averia):
    cable.averia = averia
    with pytest.raises(requests.ConnectionError):
        pedir(cable, 5)
    cable.averia = "ninguna"
    assert pedir(cable) == 200


@pytest.mark.parametrize("averia", ["callar", "tardar"])
def test_quien_no_contesta_a_tiempo_agota_el_plazo_y_despues_vuelve(cable, averia):
    cable.averia = averia
    with pytest.raises(requests.ReadTimeout):
        pedir(cable)
    cable.averia = "ninguna"
    assert pedir(cable) == 200
