"""Si hay una Centralita en marcha, preguntado después de un apagón."""

import os
import sys

from tests.pila import RAIZ

sys.path.insert(0, str(RAIZ / "deploy/local"))


def test_un_pid_que_ahora_es_de_otro_programa_no_es_una_centralita_en_marcha(tmp_path):
    import vivo

    (tmp_path / "ejecucion").mkdir()
    (tmp_path / "ejecucion/supervisord.pid").write_text(str(os.getpid()))
    assert vivo.pid_del_supervisor(tmp_path) is None
    assert vivo.vive(os.getpid())
