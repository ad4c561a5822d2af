"""Los guiones de deploy/ec2 y sus versiones fijadas."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pila import RAIZ

EC2 = RAIZ / "deploy/ec2"


@pytest.mark.parametrize("guion", sorted(EC2.glob("*.sh")), ids=lambda guion: guion.name)
def test_shellcheck_no_tiene_nada_que_decir(guion):
    orden = [str(Path(sys.executable).with_name("shellcheck")), str(guion)]
    fin = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert fin.returncode == 0, fin.stdout


@pytest.mark.parametrize("guion", ["desplegar.sh --clave", "desplegar.sh --puerto", "instalar.sh --nombre"])
def test_una_opcion_sin_su_valor_se_dice(guion):
    fin = subprocess.run(["sh", *f"{EC2}/{guion}".split()], capture_output=True, text=True, check=False)
    assert (fin.returncode, fin.stderr.strip("✘ \n")) == (1, f"Falta el valor de {guion.split()[1]}.")


@pytest.mark.parametrize("opcion", ["--clave", "--conocidas", "--tuotempo"])
def test_un_fichero_que_no_se_puede_leer_se_dice_antes_de_tocar_la_maquina(opcion, tmp_path):
    orden = ["sh", str(EC2 / "desplegar.sh"), opcion, "no-esta", "nadie@maquina.example"]
    fin = subprocess.run(orden, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (fin.returncode, fin.stderr) == (1, "✘ No puedo leer «no-esta».\n")


def test_una_maquina_instala_las_mismas_versiones_que_se_prueban():
    todas, las_de_ec2 = (
        fijadas(fichero) for fichero in (RAIZ / "requirements.lock", EC2 / "requirements.lock")
    )
    assert las_de_ec2
    assert las_de_ec2 <= todas, "rehazlo con `make lock`"


def test_lo_que_solo_prueba_no_llega_a_una_maquina():
    assert not {nombre for nombre, _ in fijadas(EC2 / "requirements.lock")} & {"pytest", "moto", "playwright"}


def fijadas(fichero: Path) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", fichero.read_text("utf-8"), re.MULTILINE))
