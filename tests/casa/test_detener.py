"""Lo que hace `make run` cuando algún servicio no llega a estar listo."""

import subprocess
import sys

from tests.pila import RAIZ

sys.path.insert(0, str(RAIZ / "deploy/local"))
SORDO = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ya', flush=True); signal.pause()"
)


def test_un_gestor_que_no_se_detiene_al_pedirselo_no_queda_en_marcha(monkeypatch):
    import arrancar

    monkeypatch.setattr(arrancar, "SEGUNDOS_PARA_PARAR", 0.01)
    with subprocess.Popen([sys.executable, "-c", SORDO], stdout=subprocess.PIPE) as gestor:
        gestor.stdout.readline()
        arrancar._detener(gestor)
        assert gestor.returncode
