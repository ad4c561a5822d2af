"""Contra qué commit se comparan los contratos, y lo que alguien aceptó por escrito."""

import json
import subprocess
import sys

import pytest

from tests.contratos.esquemas import ENTERO, TEXTO, objeto
from tests.pila import RAIZ


class Repositorio:
    """Un repositorio de git de usar y tirar con una copia de `contracts/`."""

    def __init__(self, raiz):
        self.raiz = raiz
        (raiz / "contracts/eventos").mkdir(parents=True)
        for modulo in (RAIZ / "contracts").glob("*.py"):
            (raiz / "contracts" / modulo.name).write_text(modulo.read_text("utf-8"), "utf-8")
        self.git("init", "-q", "-b", "main")

    def git(self, *orden):
        quien = ["-c", "user.name=Prueba", "-c", "user.email=prueba@example.com"]
        subprocess.run(["git", *quien, *orden], cwd=self.raiz, check=True, capture_output=True)

    def con(self, **esquemas):
        for nombre, esquema in esquemas.items():
            (self.raiz / f"contracts/eventos/{nombre}.v1.json").write_text(json.dumps(esquema), "utf-8")
        return self

    def confirmar(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "cambio")
        return self

    def comprobar(self, base=""):
        return subprocess.run(
            [sys.executable, "-m", "contracts.compatibilidad"],
            cwd=self.raiz,
            env={"CONTRATOS_BASE": base, "PATH": "/usr/local/bin:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repositorio(tmp_path):
    return Repositorio(tmp_path)


BUENO, ROTO = objeto("a", a=TEXTO), objeto("a", a=ENTERO)


def test_en_una_rama_se_compara_con_el_punto_de_partida(repositorio):
    repositorio.con(E=BUENO).confirmar().git("switch", "-q", "-c", "rama")
    repositorio.con(E=ROTO).confirmar()

    hecho = repositorio.comprobar()

    assert hecho.returncode == 1
    assert hecho.stderr == "eventos/E.v1.json, `a`: cambia de tipo, de string a integer\n"


def test_lo_que_main_anade_despues_no_cuenta_como_perdido(repositorio):
    repositorio.con(E=BUENO).confirmar().git("switch", "-q", "-c", "rama")
    repositorio.con(F=BUENO).confirmar().git("switch", "-q", "main")
    repositorio.con(G=BUENO).confirmar().git("switch", "-q", "rama")

    assert repositorio.comprobar().returncode == 0


def test_en_main_se_compara_con_el_commit_anterior(repositorio):
    repositorio.con(E=BUENO).confirmar().con(E=ROTO).confirmar()

    assert repositorio.comprobar().returncode == 1


def test_lo_que_aun_no_se_ha_confirmado_tambien_se_mira(repositorio):
    repositorio.con(E=BUENO).confirmar().confirmar().con(E=ROTO)

    assert repositorio.comprobar().returncode == 1


def test_sin_historia_no_hay_con_que_comparar(repositorio):
    hecho = repositorio.con(E=BUENO).confirmar().comprobar()

    assert hecho.returncode == 0
    assert "ningún commit anterior" in hecho.stdout


def test_la_base_se_puede_elegir(repositorio):
    repositorio.con(E=BUENO).confirmar().con(E=ROTO).confirmar().confirmar()

    assert repositorio.comprobar().returncode == 0
    assert repositorio.comprobar("HEAD~2").returncode == 1
    assert "CONTRATOS_BASE no es ningún commit" in repositorio.comprobar("no-existe").stderr


def test_lo_que_alguien_acepto_por_escrito_pasa_y_lo_demas_no(repositorio):
    repositorio.con(E=BUENO, F=BUENO).confirmar().con(E=ROTO)
    aceptada = "eventos/E.v1.json, `a`: cambia de tipo, de string a integer"
    (repositorio.raiz / "contracts/aceptados.txt").write_text(f"# nadie lo lee\n{aceptada}\n", "utf-8")
    repositorio.confirmar()

    assert "1 cambios aceptados" in repositorio.comprobar().stdout
    assert repositorio.con(F=ROTO).comprobar("HEAD~1").returncode == 1
