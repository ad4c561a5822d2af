"""Sin nadie que las recoja, las trazas no existen: ni bibliotecas cargadas ni tramos."""

import subprocess
import sys

import pytest

from chasis import contexto, trazas
from chasis.config import AjustesBase


def en_otro_proceso(codigo):
    return subprocess.run([sys.executable, "-c", codigo], capture_output=True, text=True, check=False)


def test_sin_recolector_no_se_carga_opentelemetry(tmp_path):
    codigo = """
import sys
from chasis.config import AjustesBase
from chasis.web import Servicio, crear_app
import chasis.migraciones, chasis.eventos, chasis.cliente_http
crear_app(Servicio("uno", "centralita-chasis", "Uno", "", dict, ()), AjustesBase(_env_file=None))
print([m for m in sys.modules if m.startswith("opentelemetry")])
"""
    salida = en_otro_proceso(codigo)
    assert salida.stdout == "[]\n", salida.stderr


def test_sin_recolector_no_hay_tramos_y_la_identidad_sigue_viajando():
    contexto.iniciar("peticion-1", None)
    antes = contexto.traza.get()
    with trazas.tramo("algo", "CLIENT") as tramo:
        assert tramo is None
        assert contexto.traza.get() == antes


def test_si_se_piden_trazas_y_falta_la_biblioteca_se_dice_como_ponerla():
    codigo = """
import sys
sys.modules["opentelemetry.sdk"] = None
from chasis import trazas
trazas.configurar("uno", "http://127.0.0.1:4318")
"""
    salida = en_otro_proceso(codigo)
    assert salida.returncode == 1
    assert "pip install 'centralita-chasis[trazas]'" in salida.stderr
    assert "Traceback" not in salida.stderr


@pytest.mark.parametrize("direccion", ["/health/live", "/metrics", "/eventos"])
def test_lo_que_se_pregunta_sin_parar_no_se_traza(direccion, monkeypatch):
    monkeypatch.setattr(trazas, "_trazador", pytest.fail)
    assert trazas.peticion(direccion) is trazas._NINGUNO


def test_el_recolector_es_una_variable_mas():
    assert (
        AjustesBase(_env_file=None, OTEL_EXPORTER_OTLP_ENDPOINT="http://uno:4318").trazas == "http://uno:4318"
    )
