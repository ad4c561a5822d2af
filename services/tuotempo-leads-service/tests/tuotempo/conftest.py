"""El cliente contra el simulador de verdad."""

from datetime import timedelta

import pytest

from tests.citas import CENTRO, PRIMERA_VISITA
from tuotempo_leads.infraestructura.tuotempo import Transporte, TuoTempoAPI, fechas, memberid, resultados

PERSONA = {"fname": "Juan", "lname": "Pérez", "birthday": "01/01/1980", "phone": "600123456"}
MANANA = fechas.escribir(fechas.hoy() + timedelta(days=1))


@pytest.fixture
def crear(simulador):
    """Crea un cliente del simulador; sin decir otra cosa, como el del README."""
    abiertos = []

    def crear(*, plazo=10.0, **opciones):
        transporte = Transporte(plazo)
        abiertos.append(transporte)
        return TuoTempoAPI(
            **{"api_key": "de-prueba", "base_url": simulador.url, "transporte": transporte, **opciones}
        )

    yield crear
    for transporte in abiertos:
        transporte.cerrar()


@pytest.fixture
def api(crear):
    return crear()


@pytest.fixture
def fallar(simulador):
    return simulador.fallar


def huecos(api, **mas):
    return resultados(api.get_available_slots(PRIMERA_VISITA, CENTRO, MANANA, **mas), "availabilities")


def alta(api, telefono="600123456"):
    respuesta = api.register_non_insured_user(**{**PERSONA, "phone": telefono})
    return memberid(respuesta)
