"""Las órdenes de arranque de cada README, tal cual, desde la carpeta del servicio y en un entorno virtual nuevo."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.pila import RAIZ, contesta, esperar

CON_PIP, CON_UV = "pip install -r requirements.txt", "uv sync"
SERVICIOS = (
    ("canales-service", CON_PIP, "flask run", 5000),
    ("storage_service", CON_PIP, "python app.py", 5001),
    ("customer_service", CON_PIP, "python app.py", 5002),
    ("partners-service", CON_PIP, "python app.py", 5001),
    ("espacio-clientes-api", CON_PIP, "uvicorn api.api:app --reload --host 0.0.0.0 --port 8000", 8000),
    ("partners-service", CON_UV, "uv run python app.py", 5001),
    ("tuotempo-leads-service", CON_PIP, "python app.py", 5000),
    ("tuotempo-leads-service", CON_PIP, "gunicorn app:app --bind 0.0.0.0:5000", 5000),
    ("tuotempo-leads-service", CON_PIP, "waitress-serve --port=5000 app:app", 5000),
    ("tuotempo-simulado", CON_PIP, "python app.py", 5010),
)


@pytest.fixture(params=SERVICIOS, ids=lambda caso: f"{caso[0]}: {caso[2]}")
def arrancado(request, tmp_path) -> Iterator[tuple[str, Path]]:
    """Un servicio instalado y en marcha con lo que dice su README, y nada más."""
    carpeta, instalar, orden, puerto = request.param
    readme = (RAIZ / "services" / carpeta / "README.md").read_text("utf-8")
    assert re.search(rf"^{orden}\b", readme, re.MULTILINE)
    assert re.search(rf"^{instalar}$", readme, re.MULTILINE)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    activado = {
        **os.environ,
        "PATH": f"{tmp_path}/venv/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATOS_DIR": str(tmp_path / "datos"),
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv"),
        # El PostgreSQL que pide partners-service se prueba aparte.
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/partners.sqlite",
    }
    ejecutar = {"shell": True, "cwd": RAIZ / "services" / carpeta, "env": activado}
    subprocess.run(f"{instalar} -q", check=True, **ejecutar)
    salida = tmp_path / "salida.log"
    with salida.open("wb") as fichero:
        proceso = subprocess.Popen(f"exec {orden}", stdout=fichero, stderr=fichero, **ejecutar)
    esperar(lambda: contesta(f"http://127.0.0.1:{puerto}/health"), 60)
    yield f"http://127.0.0.1:{puerto}", salida
    proceso.send_signal(signal.SIGINT)
    proceso.wait(10)


def test_el_readme_arranca_el_servicio_en_su_puerto(arrancado):
    url, salida = arrancado
    assert requests.get(f"{url}/health", timeout=5).json()["status"] in ("healthy", "ok")
    assert "Swagger" in requests.get(f"{url}/docs/swagger-ui-bundle.js", timeout=5).text
    # Cada servidor lo anuncia a su manera, y alguno de ninguna.
    anunciados = re.findall(r"unning on http://[^\s:]+:(\d+)", salida.read_text())
    assert set(anunciados) <= {url.rsplit(":", 1)[1]}
