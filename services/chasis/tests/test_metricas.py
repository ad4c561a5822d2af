"""Las métricas que dicen si un servicio está bien, también cuando no lo está."""

import os
import subprocess
import sys

import pytest
from apiflask import APIBlueprint
from flask import current_app

from chasis import metricas
from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.eventos import Eventos
from chasis.web import Servicio, crear_app


@pytest.fixture
def web(tmp_path):
    # Una base sin tablas: todo lo que se le pregunte falla.
    ajustes = AjustesBase(_env_file=None, directorio_datos=tmp_path)
    bd = BaseDeDatos(f"sqlite+pysqlite:///{tmp_path}/base.sqlite", conexiones=3)
    eventos = Eventos(bd, ajustes, "ejemplo")
    rutas = APIBlueprint("ejemplo", __name__)

    @rutas.get("/lenta")
    def lenta():
        with bd.escritura():
            return current_app.test_client().get("/metrics").text

    comprobaciones = {"base_de_datos": bd.comprobar, "eventos": eventos.estado}
    servicio = Servicio(
        "ejemplo",
        "centralita-chasis",
        "Ejemplo",
        "",
        lambda e: {"error": e.texto},
        ("error",),
        comprobaciones,
    )
    app = crear_app(servicio, ajustes)
    eventos.instalar(app)
    app.register_blueprint(rutas)
    yield app.test_client()
    bd.cerrar()


def test_si_la_base_falla_se_sigue_midiendo_y_se_dice_que_falla(web):
    salida = web.get("/metrics")
    assert salida.status_code == 200
    assert 'salud_comprobacion{comprobacion="base_de_datos"} 1.0' in salida.text
    assert 'salud_comprobacion{comprobacion="eventos"} 0.0' in salida.text
    assert "eventos_pendientes" not in salida.text


def test_una_transaccion_abierta_se_cuenta_mientras_dura(web):
    assert '\nbd_transacciones{base="sqlite"} 1.0\n' in web.get("/lenta").text
    assert '\nbd_transacciones{base="sqlite"} 0.0\n' in web.get("/metrics").text
    assert '\nbd_conexiones_maximo{base="sqlite"} 3.0\n' in web.get("/metrics").text


def test_cada_proceso_cuenta_su_pool_y_los_muertos_no_cuentan():
    """Con la suma de todos, un proceso con el pool agotado quedaría escondido por otro ocioso."""
    assert metricas.transacciones._multiprocess_mode == "liveall"
    assert metricas.conexiones._multiprocess_mode == "liveall"
    assert metricas.salud._multiprocess_mode == "livemostrecent"


@pytest.mark.parametrize("puesta", [True, False])
def test_gunicorn_no_deja_carpetas_temporales(tmp_path, puesta):
    """Con su carpeta ya elegida no crea otra, y la que crea sin ella la quita al salir."""
    programa = (
        "import chasis.gunicorn as g, os; print(os.environ['PROMETHEUS_MULTIPROC_DIR']); g.on_exit(None)"
    )
    entorno = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    entorno.pop("PROMETHEUS_MULTIPROC_DIR", None)
    (tmp_path / "tmp").mkdir()
    if puesta:
        entorno["PROMETHEUS_MULTIPROC_DIR"] = str(tmp_path / "metricas")
    orden = [sys.executable, "-c", programa]
    salida = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=True)
    assert salida.stdout.startswith(str(tmp_path / ("metricas" if puesta else "tmp/metricas-")))
    assert list((tmp_path / "tmp").iterdir()) == []
