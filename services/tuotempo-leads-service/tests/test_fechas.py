from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tuotempo_leads.dominio.fechas import FechaInvalida, a_utc, de_utc, leer

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("recibida", "esperada"),
    [
        ("2025-07-06 12:00", "2025-07-06 12:00:00"),
        ("2025-07-06 12:00:45", "2025-07-06 12:00:45"),
        ("2025-07-06", "2025-07-06 00:00:00"),
        ("06/07/2025", "2025-07-06 00:00:00"),
        ("06/07/2025 12:00", "2025-07-06 12:00:00"),
        ("6/7/2025 9:05", "2025-07-06 09:05:00"),
        ("06-07-2025", "2025-07-06 00:00:00"),
        ("06-07-2025 12:00", "2025-07-06 12:00:00"),
        ("2025-07-06T12:00", "2025-07-06 12:00:00"),
        ("2025-07-06T12:00:00.123", "2025-07-06 12:00:00"),
        ("2025-07-06T10:00:00.000Z", "2025-07-06 12:00:00"),
        ("2025-07-06T12:00:00+02:00", "2025-07-06 12:00:00"),
        ("2025-07-06T05:00:00-05:00", "2025-07-06 12:00:00"),
        ("2025-07-06 12:00-13:30", "2025-07-06 12:00:00"),
        ("2025-07-06 9:00 - 10:00", "2025-07-06 09:00:00"),
        ("  2025-07-06 12:00 ", "2025-07-06 12:00:00"),
        ("2024-02-29 08:00", "2024-02-29 08:00:00"),
    ],
)
def test_d_todas_las_formas_que_se_reciben_dan_la_misma_hora(recibida, esperada):
    assert f"{leer(recibida, MADRID):%Y-%m-%d %H:%M:%S}" == esperada


@pytest.mark.parametrize(
    "recibida",
    [
        "",
        "mañana",
        "2025-02-30 10:00",
        "2025-13-01 10:00",
        "13/25/2025",
        "2025-07-06 25:00",
        "2025-07-06 12:60",
        "2025-07-06 13:30-12:00",
        "2025-07-06 12:00-25:00",
        "06/07-2025",
        "12:00",
        "0001-01-01 00:00",
        "9999-12-31 23:59",
        "2025-07-06 12:00; DROP TABLE leads",
        "２０２５-07-06",
        "1751796000",
    ],
)
def test_d_lo_que_no_es_una_fecha_se_rechaza_y_se_ensena(recibida):
    with pytest.raises(FechaInvalida, match=r"Formato de fecha inválido: .*Use YYYY-MM-DD HH:MM"):
        leer(recibida, MADRID)


def test_d_la_hora_que_se_salta_el_cambio_de_verano_no_existe():
    with pytest.raises(FechaInvalida, match="no existe"):
        leer("2026-03-29 02:30", MADRID)
    assert leer("2026-03-29 02:30", ZoneInfo("UTC")) == datetime(2026, 3, 29, 2, 30)


def test_d_la_hora_que_se_repite_es_la_primera():
    reloj = leer("2026-10-25 02:30", MADRID)
    assert a_utc(reloj, MADRID) == datetime(2026, 10, 25, 0, 30)
    assert de_utc(datetime(2026, 10, 25, 1, 30), MADRID) == reloj
