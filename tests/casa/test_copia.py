"""La copia de una carpeta de datos en marcha es la de un instante, y al volver deja exactamente aquello."""

import sqlite3
import subprocess
import sys
import threading

import pytest

from tests.pila import RAIZ

VOLUMEN = str(RAIZ / "deploy/compose/volumen.py")


@pytest.fixture
def datos(tmp_path):
    carpeta = tmp_path / "datos"
    (carpeta / "clientes").mkdir(parents=True)
    (carpeta / "registros").mkdir()
    (carpeta / "registros/canales.log").write_text("no es un dato")
    (carpeta / "clientes/eva.json").write_text('{"nombre": "Eva"}')
    for nombre in ("uno", "dos"):
        with sqlite3.connect(carpeta / f"{nombre}.sqlite") as bd:
            bd.execute("PRAGMA journal_mode=WAL")
            bd.execute("CREATE TABLE asientos (n INTEGER)")
        bd.close()
    return carpeta


def sacar(carpeta):
    return subprocess.run(
        [sys.executable, VOLUMEN, "sacar", str(carpeta)], capture_output=True, check=True
    ).stdout


def meter(carpeta, copia):
    subprocess.run([sys.executable, VOLUMEN, "meter", str(carpeta)], input=copia, check=True)


def leer(carpeta, nombre):
    with sqlite3.connect(carpeta / f"{nombre}.sqlite") as bd:
        return [n for (n,) in bd.execute("SELECT n FROM asientos ORDER BY n")]


def test_lo_que_se_saca_es_lo_que_vuelve(datos, tmp_path):
    with sqlite3.connect(datos / "uno.sqlite") as bd:
        bd.execute("INSERT INTO asientos VALUES (7)")
    copia = sacar(datos)
    (datos / "clientes/otro.json").write_text("{}")
    with sqlite3.connect(datos / "uno.sqlite") as bd:
        bd.execute("INSERT INTO asientos VALUES (8)")
    meter(datos, copia)
    assert leer(datos, "uno") == [7]
    assert [f.name for f in (datos / "clientes").iterdir()] == ["eva.json"]
    assert (datos / "registros/canales.log").exists()
    assert not list(datos.glob(".copia-*"))


def test_dos_bases_que_se_escriben_una_tras_otra_se_copian_en_el_mismo_instante(datos):
    """Se escribe primero en una y luego en la otra: en ninguna copia la segunda puede ir por delante."""
    fin = threading.Event()

    def escribir():
        uno, dos = (sqlite3.connect(datos / f"{n}.sqlite", timeout=30) for n in ("uno", "dos"))
        numero = 0
        while not fin.is_set():
            numero += 1
            for bd in (uno, dos):
                with bd:
                    bd.execute("INSERT INTO asientos VALUES (?)", (numero,))
        uno.close()
        dos.close()

    hilo = threading.Thread(target=escribir)
    hilo.start()
    copias = [sacar(datos) for _ in range(5)]
    fin.set()
    hilo.join()
    for copia in copias:
        meter(datos, copia)
        primera, segunda = len(leer(datos, "uno")), len(leer(datos, "dos"))
        assert primera - segunda in (0, 1)
