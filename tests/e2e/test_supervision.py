"""`make run` por dentro: quien cae vuelve, parar para todo, y nadie queda huérfano."""

import os
import signal
import subprocess
import sys

import pytest

from deploy.local.vivo import vive
from tests.pila import PROCESOS, RAIZ, Pila, contesta, esperar, hijos

CONTROLAR = str(RAIZ / "deploy/local/controlar.py")


def controlar(pila, *orden: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, CONTROLAR, *orden],
        env=pila.entorno,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_un_servicio_que_muere_vuelve_solo(otra_pila):
    pila = otra_pila()
    antes = pila.pids("canales")
    os.kill(antes[0], signal.SIGKILL)
    esperar(lambda: not any(map(vive, antes)) and contesta(pila.url("canales") + "/health/ready"))
    assert pila.pids("canales")[0] != antes[0]
    esperar(lambda: contesta(pila.por_el_gateway("canales") + "/health"))


@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGINT])
def test_parar_lo_detiene_todo_sin_dejar_huerfanos(otra_pila, senal):
    pila = otra_pila()
    familia = hijos(pila.lanzador.pid)
    assert len(familia) > 10
    pila.lanzador.send_signal(senal)
    assert pila.lanzador.wait(20) == 0
    assert [pid for pid in familia if vive(pid)] == []
    assert "se ha detenido" in pila.texto()


@pytest.mark.parametrize("victima", ["lanzador", "supervisor"])
def test_si_matan_a_quien_vigila_no_queda_nadie_en_marcha(otra_pila, victima):
    pila = otra_pila()
    familia = hijos(pila.lanzador.pid)
    os.kill(pila.lanzador.pid if victima == "lanzador" else familia[0], signal.SIGKILL)
    pila.lanzador.wait(10)
    esperar(lambda: not any(map(vive, familia)), 15)


def test_pararlo_mientras_arranca_no_es_un_fallo(tmp_path):
    pila = Pila(tmp_path / "datos")
    orden = [sys.executable, str(RAIZ / "deploy/local/arrancar.py")]
    with subprocess.Popen(
        orden, env=pila.entorno, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as proceso:
        assert "Arrancando" in proceso.stdout.readline()
        proceso.send_signal(signal.SIGINT)
        resto = proceso.stdout.read()
    assert proceso.returncode == 0
    assert "se ha detenido" in resto
    assert "✘" not in resto


def test_estado_registros_y_parada_desde_otra_terminal(otra_pila):
    pila = otra_pila()
    estado = controlar(pila, "estado")
    assert estado.stdout.count("en marcha") == len(PROCESOS)
    assert pila.url("canales") in estado.stdout
    assert controlar(pila, "registros", "nadie").returncode == 1
    assert "se ha detenido" in controlar(pila, "parar").stdout
    assert pila.lanzador.wait(20) == 0
    assert "no está en marcha" in controlar(pila, "estado").stdout
    assert controlar(pila, "parar").returncode == 0
