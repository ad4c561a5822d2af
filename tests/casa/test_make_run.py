"""Lo que `make run` mira antes de arrancar nada."""

import os
import subprocess
import sys

import pytest

from tests.pila import PUERTOS, RAIZ

sys.path.insert(0, str(RAIZ / "deploy/local"))
import fichero_env


@pytest.mark.parametrize("texto", ["CANALES_PORT 5100", "CANALES_PORT", "GATEWAY_RITMO=1\nesto no vale\n"])
def test_una_linea_mal_escrita_de_env_se_dice(tmp_path, texto):
    fichero = tmp_path / ".env"
    fichero.write_text(texto)
    with pytest.raises(SystemExit, match=r"línea \d: «.+» no es NOMBRE=valor"):
        fichero_env.cargar(fichero)


def test_un_nombre_que_casi_es_el_de_una_variable_se_avisa(tmp_path, capsys):
    fichero = tmp_path / ".env"
    fichero.write_text("CANALES_PROT=5100\nCANALES_PORT=5100\nLO_MIO=1\n")
    fichero_env.avisar_de_las_desconocidas(fichero, RAIZ / ".env.example")
    assert capsys.readouterr().err == "Aviso: .env pone CANALES_PROT, ¿querías decir CANALES_PORT?\n"


@pytest.mark.parametrize(
    ("pedido", "carpeta"),
    [
        ("canales", "services/canales-service"),
        ("canales-service", "services/canales-service"),
        ("chasis", "services/chasis"),
        ("portal", "gateway/portal"),
        ("nadie", None),
    ],
)
def test_un_servicio_se_prueba_por_cualquiera_de_sus_nombres(pedido, carpeta):
    orden = [sys.executable, str(RAIZ / "deploy/local/carpeta.py"), pedido]
    salida = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert (salida.returncode == 0) is bool(carpeta)
    assert salida.stdout.strip() == (carpeta or "")
    assert carpeta or "Los que hay: almacen, clientes, canales" in salida.stderr


def test_cada_puerto_tiene_su_variable():
    from procesos import GATEWAY_INTERNO, TODOS  # al importarlo lee el .env de quien prueba

    assert {proceso.variable for proceso in (*TODOS, GATEWAY_INTERNO)} == set(PUERTOS.values())


@pytest.mark.parametrize(
    ("guion", "mensaje"),
    [
        ("exit 1", "Hace falta Python 3.11 o posterior"),
        ('case "$*" in *venv*) exit 1;; esac', "sudo apt install python3-venv"),
        (None, "No se encuentra «"),
    ],
    ids=["antiguo", "sin venv", "no está"],
)
def test_con_un_python_que_no_sirve_se_dice_que_falta(tmp_path, guion, mensaje):
    python = tmp_path / "python"
    if guion:
        python.write_text(f"#!/bin/sh\n{guion}\n")
        python.chmod(0o755)
    orden = ["sh", str(RAIZ / "deploy/local/instalar.sh"), str(tmp_path / "venv")]
    entorno = {**os.environ, "PYTHON": str(python)}
    salida = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=False)
    assert salida.returncode == 1
    assert mensaje in salida.stderr
