from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.citas import CENTRO, PRIMERA_VISITA
from tuotempo_leads.infraestructura.tablas import catalogos
from tuotempo_leads.infraestructura.tuotempo.fechas import hoy


@pytest.fixture
def web(con_tuotempo):
    return con_tuotempo.test_client()


def caducar(app):
    with app.extensions["bd"].escritura() as conexion:
        ayer = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=25)
        conexion.execute(sa.update(catalogos).values(traido_en=ayer))
    app.extensions["catalogo"]._copias.clear()


def pedir_slots(web, **cambios):
    consulta = {
        "centro_id": CENTRO,
        "actividad_id": PRIMERA_VISITA,
        "fecha_inicio": f"{hoy():%d/%m/%Y}",
        **cambios,
    }
    return web.get("/api/slots", query_string=consulta)
