"""Ninguna escritura sin su evento y ningún evento sin su escritura, muera cuando muera el proceso."""

import subprocess
import sys
import time
from textwrap import dedent

import orjson
import pytest
import sqlalchemy as sa

from storage_service.aplicacion import documentos
from storage_service.arranque import crear_app, montar_eventos
from storage_service.config import Ajustes
from storage_service.infraestructura.ficheros import AlmacenDeFicheros
from storage_service.infraestructura.tablas import INTENCIONES
from tests.bandeja import publicados

DESTINOS = "clientes=canales@http://127.0.0.1:9"


def ajustes_en(carpeta):
    return Ajustes(
        _env_file=None, directorio_datos=carpeta, formato_registros="json", destinos_de_eventos=DESTINOS
    )


def morir_en(carpeta, donde, hacer):
    """Ejecuta `hacer` en otro proceso que se mata a sí mismo (SIGKILL) justo antes de llegar a `donde`."""
    guion = f"""
        import os, signal
        from storage_service.aplicacion import documentos
        from storage_service.arranque import montar_eventos
        from storage_service.config import Ajustes
        from storage_service.infraestructura.diario import Diario
        from storage_service.infraestructura.ficheros import AlmacenDeFicheros
        from pathlib import Path

        ajustes = Ajustes(_env_file=None, directorio_datos=Path({str(carpeta)!r}), destinos_de_eventos={DESTINOS!r})
        _, almacen, diario = montar_eventos(ajustes)
        {donde} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        {hacer}
    """
    salida = subprocess.run(
        [sys.executable, "-c", dedent(guion)], capture_output=True, text=True, check=False
    )
    assert salida.returncode == -9, salida.stderr


GUARDAR = "documentos.guardar(almacen, diario, {'nombre': 'Ana', 'n': 2}, None)"
BORRAR = "documentos.borrar(almacen, diario, 'Ana')"
ANTES_DE_ANOTAR = "Diario._abrir"
ANTES_DE_ESCRIBIR = "AlmacenDeFicheros._escribir"
ANTES_DE_BORRAR = "os.unlink"
ANTES_DE_CONFIRMAR = "Diario._cerrar"


@pytest.fixture
def piezas(tmp_path):
    eventos, almacen, diario = montar_eventos(ajustes_en(tmp_path))
    yield eventos.bd, almacen, diario
    eventos.bd.cerrar()


def decididos(bd):
    """Lo publicado, cuando ya no queda ninguna intención por decidir."""
    with bd.lectura() as conexion:
        assert conexion.execute(sa.select(INTENCIONES.c.id)).all() == []
    return [(sobre["type"], sobre["data"].get("documento", {}).get("n")) for sobre in publicados(bd)]


@pytest.mark.parametrize("donde", [ANTES_DE_ANOTAR, ANTES_DE_ESCRIBIR])
def test_muerto_antes_de_escribir_no_hay_ni_documento_ni_evento(tmp_path, piezas, donde):
    bd, almacen, diario = piezas
    morir_en(tmp_path, donde, GUARDAR)
    diario.resolver(almacen.en_exclusiva)
    assert almacen.leer("Ana") is None
    assert decididos(bd) == []


def test_muerto_despues_de_escribir_hay_documento_y_evento(tmp_path, piezas):
    bd, almacen, diario = piezas
    morir_en(tmp_path, ANTES_DE_CONFIRMAR, GUARDAR)
    diario.resolver(almacen.en_exclusiva)
    assert orjson.loads(almacen.leer("Ana"))["n"] == 2
    assert decididos(bd) == [("ClienteGuardado", 2)]


@pytest.mark.parametrize(
    ("donde", "sigue", "esperados"),
    [(ANTES_DE_BORRAR, True, []), (ANTES_DE_CONFIRMAR, False, [("ClienteEliminado", None)])],
)
def test_muerto_al_borrar(tmp_path, piezas, donde, sigue, esperados):
    bd, almacen, diario = piezas
    almacen.guardar("Ana", b'{"nombre": "Ana"}', None)
    morir_en(tmp_path, donde, BORRAR)
    diario.resolver(almacen.en_exclusiva)
    assert (almacen.leer("Ana") is not None) == sigue
    assert decididos(bd) == esperados


@pytest.mark.parametrize(
    ("donde", "esperados"),
    [
        (ANTES_DE_ESCRIBIR, [("ClienteGuardado", 3)]),
        (ANTES_DE_CONFIRMAR, [("ClienteGuardado", 2), ("ClienteGuardado", 3)]),
    ],
)
def test_la_siguiente_escritura_decide_lo_que_quedo_a_medias_antes_de_taparlo(
    tmp_path, piezas, donde, esperados
):
    bd, almacen, diario = piezas
    morir_en(tmp_path, donde, GUARDAR)
    documentos.guardar(almacen, diario, {"nombre": "Ana", "n": 3}, None)
    assert decididos(bd) == esperados


def test_si_la_hora_se_atrasa_lo_que_quedo_a_medias_no_se_publica_dos_veces(tmp_path, piezas, monkeypatch):
    bd, almacen, diario = piezas
    morir_en(tmp_path, ANTES_DE_ESCRIBIR, GUARDAR)
    antes = time.time() - 3 * 3600
    with monkeypatch.context() as atraso:
        atraso.setattr("storage_service.infraestructura.diario.time.time", lambda: antes)
        documentos.guardar(almacen, diario, {"nombre": "Ana", "n": 2}, None)
    diario.resolver(almacen.en_exclusiva)
    assert decididos(bd) == [("ClienteGuardado", 2)]


def test_una_escritura_en_curso_no_se_decide_desde_fuera(piezas, a_la_vez):
    """Quien resuelve espera el turno del nombre: nunca descarta la intención de alguien que está escribiendo."""
    bd, almacen, diario = piezas

    def correr(numero):
        for vez in range(20):
            if numero == 0:
                diario.resolver(almacen.en_exclusiva)
            else:
                documentos.guardar(almacen, diario, {"nombre": "Ana", "n": numero * 100 + vez}, None)

    a_la_vez(correr, 5)
    assert len(decididos(bd)) == 80


def test_cada_escritura_de_la_api_deja_su_evento_en_orden(tmp_path, piezas):
    web = crear_app(ajustes_en(tmp_path)).test_client()
    web.post("/archivos", json={"nombre": "Ana", "n": 1})
    web.post("/archivos", json={"nombre": "Ana", "n": 2}, headers={"If-None-Match": "*"})
    web.post("/archivos", json={"nombre": "Ana", "n": 3})
    web.delete("/archivos/Ana")
    web.delete("/archivos/Ana")
    assert decididos(piezas[0]) == [
        ("ClienteGuardado", 1),
        ("ClienteGuardado", 3),
        ("ClienteEliminado", None),
    ]


def test_sin_nadie_que_escuche_no_se_anota_nada(tmp_path):
    eventos, almacen, diario = montar_eventos(Ajustes(_env_file=None, directorio_datos=tmp_path))
    assert diario.anotacion("Ana", "v", lambda _: None) is None
    assert isinstance(almacen, AlmacenDeFicheros)
    eventos.bd.cerrar()
