"""`gunicorn app:app`, sin nada más: la orden del README."""

import os
import subprocess
import sys
from pathlib import Path

CARPETA = Path(__file__).parents[1]


def test_sin_decirle_con_que_configuracion_usa_la_de_todos_los_servicios(tmp_path):
    entorno = {**os.environ, "DATOS_DIR": str(tmp_path)}
    orden = [sys.executable, "-m", "gunicorn", "--print-config", "app:app", "--bind", "0.0.0.0:5000"]
    salida = subprocess.run(
        orden, cwd=CARPETA, env=entorno, capture_output=True, text=True, check=True
    ).stdout
    elegido = dict(linea.split("=", 1) for linea in salida.splitlines() if " = " in linea)
    elegido = {nombre.strip(): valor.strip() for nombre, valor in elegido.items()}
    assert elegido["worker_class"] == "chasis.paciencia.Paciente"
    assert elegido["bind"] == "['0.0.0.0:5000']"
