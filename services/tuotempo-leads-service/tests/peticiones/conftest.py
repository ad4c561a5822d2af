import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.vecino import contestar
from tuotempo_leads.infraestructura.tuotempo import Transporte, TuoTempoAPI

HUECO = {
    "resourceid": "sc1@m",
    "areaid": "default@m",
    "start_date": "10/09/2026",
    "startTime": "09:00",
    "endTime": "09:20",
    "activityid": "sc2",
    "portal_activityid": "sc159232371eb9c1",
    "duration": "30",
    "provider_session_id": "ResourceLid::1",
    "city": None,
    "notices": {"center": []},
}
ALTA = {"access_token": "f" * 32, "user_info": {"memberid": "0123456789abc", "sessionid": "f" * 32}}
OK = b'{"result": "OK", "return": {"results": []}, "msg": "", "exception": ""}'


@pytest.fixture
def transporte():
    transporte = Transporte(5)
    yield transporte
    transporte.cerrar()


@pytest.fixture
def crear(vecino, transporte):
    vecino.responder = lambda m: contestar(m, 200, OK)

    def crear(**opciones):
        return TuoTempoAPI(
            **{"api_key": "clave", "base_url": vecino.url, "transporte": transporte, **opciones}
        )

    return crear


@pytest.fixture
def api(crear):
    return crear()


def enviada(vecino, cual=-1):
    """Método, ruta, consulta, cabeceras y cuerpo de una petición recibida."""
    metodo, direccion, cabeceras, cuerpo = vecino.recibidas[cual]
    partes = urlsplit(direccion)
    consulta = {clave: valores[0] for clave, valores in parse_qs(partes.query).items()}
    return metodo, partes.path, consulta, cabeceras, json.loads(cuerpo) if cuerpo else None
