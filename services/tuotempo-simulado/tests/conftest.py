from datetime import datetime

import pytest
from werkzeug.serving import make_server

from tests.citas import PRIMERA_VISITA
from tests.servidor import sirviendo
from tuotempo_simulado.arranque import crear_app
from tuotempo_simulado.config import Ajustes

BASE = "/api/v3/tt_portal_adeslas"
CLAVE = {"Authorization": "Bearer de-prueba"}
LUNES = datetime(2026, 9, 7, 8, 0)


class Portal:
    """El simulador visto por quien lo llama: cada método hace una petición y devuelve su JSON."""

    def __init__(self, web) -> None:
        self.web = web

    def pedir(self, metodo, ruta, **opciones):
        return getattr(self.web, metodo)(f"{BASE}/{ruta}", **opciones)

    def clinicas(self, **consulta):
        return self.pedir("get", "areas", query_string=consulta).json["return"]["results"]

    def buscar(self, clinica, fecha="07/09/2026", actividad=PRIMERA_VISITA, **mas):
        consulta = {"lang": "es", "areaId": clinica, "activityid": actividad, "start_date": fecha, **mas}
        return self.pedir("get", "availabilities", query_string=consulta)

    def huecos(self, clinica, **mas):
        return self.buscar(clinica, **mas).json["return"]["results"]["availabilities"]

    def alta(self, telefono="600000000", **cambios):
        cuerpo = {"fname": "Ana", "lname": "Demo", "birthday": "01/01/1980", "phone": telefono}
        return self.pedir(
            "post", "users", json={**cuerpo, "privacy": "1", "onetime_user": "1", **cambios}
        ).json

    def usuario(self, telefono="600000000"):
        return self.alta(telefono)["user_info"]["memberid"]

    def reservar(self, hueco, usuario, cabeceras=CLAVE, **cambios):
        cuerpo = {**hueco, "userid": usuario, "communication_phone": "600000000", **cambios}
        return self.pedir("post", "reservations", json=cuerpo, headers=cabeceras).json


@pytest.fixture
def ahora():
    """La hora que cree que es el simulador; las pruebas la mueven."""
    return [LUNES]


@pytest.fixture
def app(ahora):
    ajustes = Ajustes(_env_file=None, formato_registros="json")
    return crear_app(ajustes, lambda: ahora[0])


@pytest.fixture
def portal(web):
    return Portal(web)


@pytest.fixture
def clinica(portal):
    return portal.clinicas(province="Madrid")[0]["areaid"]


@pytest.fixture
def hueco(portal, clinica):
    return portal.huecos(clinica)[0]


@pytest.fixture
def direccion(app):
    """La del simulador, servido de verdad en un hilo."""
    with sirviendo(make_server("127.0.0.1", 0, app, threaded=True)) as direccion:
        yield direccion
