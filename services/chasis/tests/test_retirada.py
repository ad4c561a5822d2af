"""Al recibir SIGTERM, un servicio anuncia que se va y sigue atendiendo hasta que vence el plazo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.pila import puertos_libres

CANALES = Path(__file__).resolve().parents[2] / "canales-service"


@pytest.fixture
def servicio(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    puerto = puertos_libres(1)[0]
    entorno = {
        **os.environ,
        "PORT": str(puerto),
        "DATOS_DIR": str(tmp_path),
        "RETIRADA": "4",
        "WEB_PROCESOS": "1",
    }
    orden = [str(Path(sys.executable).parent / "gunicorn"), "-c", "python:chasis.gunicorn", "app:app"]
    proceso = subprocess.Popen(orden, cwd=CANALES, env=entorno)
    url = f"http://127.0.0.1:{puerto}"
    try:
        _esperar(lambda: _vida(url) == 200)
        yield proceso, url
    finally:
        proceso.kill()
        proceso.wait()


def test_quien_se_va_lo_dice_y_sigue_atendiendo_hasta_que_vence_el_plazo(servicio):
    proceso, url = servicio
    proceso.send_signal(signal.SIGTERM)
    _esperar(lambda: _vida(url) == 503)
    assert requests.get(f"{url}/health/live", timeout=5).json() == {"status": "leaving"}
    assert requests.get(f"{url}/openapi.json", timeout=5).status_code == 200
    assert proceso.wait(timeout=60) == 0


def test_sin_plazo_se_para_en_el_acto(monkeypatch):
    from chasis import retirada

    antes = signal.getsignal(signal.SIGTERM)
    retirada.aplazar(pytest.fail)
    assert signal.getsignal(signal.SIGTERM) is antes


def _vida(url: str) -> int:
    try:
        return requests.get(f"{url}/health/live", timeout=2).status_code
    except requests.RequestException:
        return 0


def _esperar(condicion) -> None:
    fin = time.monotonic() + 60
    while not condicion():
        assert time.monotonic() < fin, "no llegó a pasar"
        time.sleep(0.05)
