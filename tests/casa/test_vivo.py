"""Si hay una Centralita en marcha, preguntado después de un apagón."""

import os
import subprocess
import sys

from deploy.local import vivo
from tests.pila import esperar


def test_un_pid_que_ahora_es_de_otro_programa_no_es_una_centralita_en_marcha(tmp_path):
    (tmp_path / "ejecucion").mkdir()
    (tmp_path / "ejecucion/supervisord.pid").write_text(str(os.getpid()))
    assert vivo.pid_del_supervisor(tmp_path) is None
    assert vivo.vive(os.getpid())


def test_quien_ha_terminado_no_vive_aunque_nadie_lo_haya_recogido():
    with subprocess.Popen([sys.executable, "-c", ""]) as terminado:
        esperar(lambda: not vivo.vive(terminado.pid))
        assert terminado.returncode is None
