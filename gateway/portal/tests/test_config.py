"""La tabla de servicios y las variables de entorno que dicen dónde viven."""

from __future__ import annotations

import pytest

from portal.config import Ajustes
from portal.servicios import SERVICIOS


@pytest.fixture(autouse=True)
def _entorno_limpio(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for variable in ("PORT", *(servicio.variable for servicio in SERVICIOS)):
        monkeypatch.delenv(variable, raising=False)


def test_sin_configurar_nada():
    ajustes = Ajustes.cargar()

    assert ajustes.puerto == 5080
    assert ajustes.direcciones == {
        "canales": ("http://127.0.0.1:5000",),
        "clientes": ("http://127.0.0.1:5002",),
        "almacen": ("http://127.0.0.1:5001",),
        "simulado": ("http://127.0.0.1:5010",),
        "partners": ("http://127.0.0.1:5003",),
        "leads": ("http://127.0.0.1:5004",),
        "espacio": ("http://127.0.0.1:8000",),
    }


def test_las_direcciones_salen_del_entorno(monkeypatch):
    monkeypatch.setenv("CANALES_URL", "http://canales-1:5000/,http://canales-2:5000")
    monkeypatch.setenv("PORT", "5600")

    ajustes = Ajustes.cargar()

    assert ajustes.puerto == 5600
    assert ajustes.direcciones["canales"] == ("http://canales-1:5000", "http://canales-2:5000")


def test_tambien_de_un_fichero(tmp_path):
    (tmp_path / ".env").write_text("ALMACEN_URL=http://almacen:5001\n")

    assert Ajustes.cargar().direcciones["almacen"] == ("http://almacen:5001",)


@pytest.mark.parametrize("mala", ["canales:5000", "ftp://canales", "http://a b", "http://a,", "http://"])
def test_una_direccion_que_no_vale_se_dice_al_arrancar(monkeypatch, mala):
    monkeypatch.setenv("CANALES_URL", mala)

    with pytest.raises(SystemExit, match="CANALES_URL"):
        Ajustes.cargar()


def test_la_tabla_no_se_pisa():
    for dato in ("nombre", "titulo", "prefijo", "variable", "direccion"):
        valores = [getattr(servicio, dato) for servicio in SERVICIOS]
        assert len(valores) == len(set(valores)), dato


@pytest.mark.parametrize("servicio", SERVICIOS, ids=lambda servicio: servicio.nombre)
def test_cada_fila_esta_completa(servicio):
    assert servicio.prefijo.startswith("/")
    assert not servicio.prefijo.endswith("/")
    assert servicio.pruebas or servicio.interno
    for prueba in servicio.pruebas:
        assert prueba.ruta.startswith("/")
        assert (prueba.metodo == "POST") == (prueba.cuerpo is not None)


def test_lo_interno_no_se_publica_y_el_almacen_solo_fuera_de_produccion():
    assert [s.nombre for s in SERVICIOS if not s.publicado("development")] == ["simulado"]
    assert [s.nombre for s in SERVICIOS if not s.publicado("production")] == ["almacen", "simulado"]
