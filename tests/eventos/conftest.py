import pytest

from tests.contenedores import CON_CONTENEDORES
from tests.eventos.montaje import Montaje

TRANSPORTES = ("sqlite+http", "postgresql+pulsar") if CON_CONTENEDORES else ("sqlite+http",)


@pytest.fixture(params=TRANSPORTES)
def montaje(request, tmp_path, url_vacia):
    """Las mismas averías en los dos tamaños: una sola máquina, o bases y broker de verdad."""
    if request.param == "sqlite+http":
        bases = (f"sqlite+pysqlite:///{tmp_path}/{lado}.sqlite" for lado in ("emisor", "receptor"))
        montaje = Montaje(tmp_path, *bases)
    else:
        broker, _ = request.getfixturevalue("servidor_pulsar")
        espacio = {"EVENTOS_TRANSPORTE": "pulsar", "PULSAR_URL": broker}
        montaje = Montaje(tmp_path, url_vacia("postgresql"), url_vacia("postgresql"), **espacio)
    yield montaje
    montaje.detener()
