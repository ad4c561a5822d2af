import pytest

from tests.citas import CENTRO

ANA = {"fname": "Ana", "lname": "Demo", "birthday": "01/01/1980", "phone": "600123456"}


@pytest.fixture
def app(otra_app, simulador):
    return otra_app(tuotempo_url=simulador.url, destinos_de_eventos="leads=canales@http://127.0.0.1:9")


@pytest.fixture
def huecos(web):
    return web.get(f"/slots?area_id={CENTRO}").json["return"]["results"]["availabilities"]


def confirmar(web, hueco, telefono="600123456", clave="", **mas):
    persona = mas if "userid" in mas else {**ANA, "phone": telefono, **mas}
    cuerpo = {"availability": hueco, "communication_phone": telefono, **persona}
    return web.post("/confirm", json=cuerpo, headers={"Idempotency-Key": clave} if clave else {})
