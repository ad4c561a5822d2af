"""Al recibir SIGTERM, un servicio anuncia que se va y sigue atendiendo hasta que vence el plazo."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from chasis import retirada
from tests.pila import esperar
from tests.servidor import Servidor, en_marcha

CANALES = Path(__file__).resolve().parents[2] / "canales-service"


@pytest.fixture
def servidor(tmp_path: Path) -> Iterator[Servidor]:
    orden = ("-m", "gunicorn", "-c", "python:chasis.gunicorn", "app:app")
    entorno = {"DATOS_DIR": str(tmp_path), "RETIRADA": "4", "WEB_PROCESOS": "1"}
    with en_marcha(*orden, carpeta=CANALES, salida=tmp_path / "salida", **entorno) as servidor:
        yield servidor


def test_quien_se_va_lo_dice_y_sigue_atendiendo_hasta_que_vence_el_plazo(servidor):
    servidor.proceso.send_signal(signal.SIGTERM)
    esperar(lambda: servidor.vive(503), 60)
    assert requests.get(f"{servidor.url}/health/live", timeout=5).json() == {"status": "leaving"}
    assert requests.get(f"{servidor.url}/openapi.json", timeout=5).status_code == 200
    assert servidor.proceso.wait(timeout=60) == 0


def test_sin_plazo_se_para_en_el_acto(monkeypatch):
    antes = signal.getsignal(signal.SIGTERM)
    retirada.aplazar(pytest.fail)
    assert signal.getsignal(signal.SIGTERM) is antes
