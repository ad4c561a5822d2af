"""La preparación de Pulsar pide al broker lo que dicen los contratos, y repetirla no cambia nada."""

import importlib.util

import pytest

from tests.pila import RAIZ

_origen = importlib.util.spec_from_file_location("temas", RAIZ / "deploy/pulsar/temas.py")
temas = importlib.util.module_from_spec(_origen)
_origen.loader.exec_module(temas)


class Broker:
    """Guarda lo que le piden, como la API de administración: lo que ya está contesta que ya está."""

    def __init__(self, particiones=4):
        self.puesto, self._particiones = {}, particiones

    def leer(self, ruta):
        return {"partitions": self._particiones} if ruta.endswith("/partitions") else ["centralita"]

    def poner(self, ruta, cuerpo=None, metodo="PUT"):
        nuevo = ruta not in self.puesto
        self.puesto[ruta] = cuerpo
        return nuevo


@pytest.fixture
def broker():
    return Broker()


def preparar(broker, particiones=4):
    temas.preparar(broker, "public/default", particiones, RAIZ / "contracts")


def test_cada_tema_tiene_sus_particiones_sus_suscripciones_y_su_cola_de_muertas(broker):
    preparar(broker)
    raiz = "persistent/public/default"
    assert broker.puesto[f"{raiz}/clientes/partitions"] == 4
    assert f"{raiz}/clientes/subscription/canales" in broker.puesto
    assert f"{raiz}/clientes-dlq/subscription/operaciones" in broker.puesto
    assert f"{raiz}/partners/partitions" in broker.puesto  # aunque aquí no lo lea nadie
    assert f"{raiz}/partners-dlq" not in broker.puesto


def test_repetirla_no_crea_nada_nuevo(broker, capsys):
    preparar(broker)
    capsys.readouterr()
    preparar(broker)
    assert "creado" not in capsys.readouterr().out


def test_no_cambia_las_particiones_de_un_tema_que_ya_existe(broker, capsys):
    preparar(broker)
    preparar(broker, 8)
    assert "tiene 4 particiones y no 8; se deja como está" in capsys.readouterr().out


def test_se_presenta_con_su_token_venga_del_entorno_o_de_un_fichero(monkeypatch, tmp_path):
    assert "Authorization" not in temas.Administracion("http://broker:8080")._sesion.headers
    monkeypatch.setenv("PULSAR_TLS_CA", "/ca.pem")
    monkeypatch.setattr(temas, "SECRETO", tmp_path / "PULSAR_TOKEN")
    temas.SECRETO.write_text("ficha-de-acceso\n")
    sesion = temas.Administracion("https://broker:8443")._sesion
    assert (sesion.headers["Authorization"], sesion.verify) == ("Bearer ficha-de-acceso", "/ca.pem")
    monkeypatch.setenv("PULSAR_TOKEN", "otra")
    assert temas.Administracion("https://broker:8443")._sesion.headers["Authorization"] == "Bearer otra"
