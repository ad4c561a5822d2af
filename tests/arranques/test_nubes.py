"""Lo que hacen Heroku, Railway, Azure y Elastic Beanstalk con leads: instalar lo de la raíz y lanzar el Procfile."""

import json
import os
import signal
import subprocess
import sys

import pytest
import requests

from tests.pila import EN_PRODUCCION, RAIZ, contesta, esperar, puertos_libres

pytestmark = pytest.mark.timeout(600)  # descarga e instala


def orden_del_procfile() -> str:
    (linea,) = (RAIZ / "Procfile").read_text("utf-8").splitlines()
    tipo, orden = linea.split(": ", 1)
    assert tipo == "web"
    return orden


@pytest.fixture
def desplegado(tmp_path):
    """Una copia del repositorio, como la que recibe la plataforma, instalada en un entorno nuevo y en marcha."""
    copia = tmp_path / "app"
    subprocess.run(["git", "clone", "-q", str(RAIZ), str(copia)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    (puerto,) = puertos_libres(1)
    entorno = {
        **os.environ,
        **EN_PRODUCCION,
        "PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}",
        "DATOS_DIR": str(tmp_path / "datos"),
        "PORT": str(puerto),
    }
    en_la_copia = {"cwd": copia, "env": entorno}
    subprocess.run(["pip", "install", "-q", "-r", "requirements.txt"], check=True, **en_la_copia)
    proceso = subprocess.Popen(["sh", "-c", f"exec {orden_del_procfile()}"], **en_la_copia)
    esperar(lambda: contesta(f"http://127.0.0.1:{puerto}/health"), 60)
    yield f"http://127.0.0.1:{puerto}"
    proceso.send_signal(signal.SIGTERM)
    proceso.wait(30)


def test_leads_arranca_desde_la_raiz_con_lo_que_instala_la_plataforma(desplegado):
    assert requests.get(f"{desplegado}/health", timeout=5).ok
    assert "Swagger" in requests.get(f"{desplegado}/docs/swagger-ui-bundle.js", timeout=5).text
    assert requests.get(f"{desplegado}/", timeout=5).ok
    # Quien está detrás de un proxy no enseña lo de dentro.
    ajena = requests.get(f"{desplegado}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=5)
    assert ajena.status_code == 404


def test_los_documentos_dan_la_misma_orden_que_el_procfile():
    azure = (RAIZ / "docs/despliegue/azure.md").read_text("utf-8")
    assert orden_del_procfile().replace("${PORT:-8000}", "8000") in azure


def test_railway_construye_con_la_imagen_de_los_servicios():
    railway = json.loads((RAIZ / "services/tuotempo-leads-service/railway.json").read_text("utf-8"))
    assert railway["build"]["builder"] == "DOCKERFILE"
    assert railway["deploy"]["healthcheckPath"] == "/health"
