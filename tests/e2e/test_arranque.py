"""`make run`: qué dice cuando arranca y qué dice cuando no puede."""

import socket
import subprocess
import sys

import pytest

from tests.pila import EN_PRODUCCION, PROCESOS, RAIZ, Pila


def test_cuenta_como_va_cada_servicio_y_que_hacer_despues(pila):
    texto = pila.texto()
    for proceso in PROCESOS:
        assert f"✔ {proceso}" in texto
    assert f"Portada y estado      {pila.url('gateway')}/" in texto
    orden = texto[texto.index("curl -X POST") : texto.index("\n  make ")]
    salida = subprocess.run(
        ["bash", "-c", orden], capture_output=True, text=True, timeout=30, check=True
    ).stdout
    assert '"Cliente registrado exitosamente"' in salida
    assert "Juan Pérez" in salida


def test_un_puerto_ocupado_se_dice_al_momento_con_su_servicio_y_su_variable(tmp_path):
    pila = Pila(tmp_path / "datos")
    with socket.socket() as ocupante:
        ocupante.bind(("127.0.0.1", pila.puertos["canales"]))
        ocupante.listen()
        with pytest.raises(AssertionError) as fallo:
            pila.arrancar()
    assert f"El puerto {pila.puertos['canales']} (canales) está ocupado" in str(fallo.value)
    assert "CANALES_PORT=" in str(fallo.value)
    assert not (tmp_path / "datos" / "ejecucion").exists()


def test_arrancar_dos_veces_desde_la_misma_carpeta_dice_que_ya_esta(pila):
    orden = [sys.executable, str(RAIZ / "deploy/local/arrancar.py")]
    segunda = subprocess.run(orden, env=pila.entorno, capture_output=True, text=True, check=False)
    assert segunda.returncode == 1
    assert f"ya está en marcha desde esta carpeta: {pila.url('gateway')}" in segunda.stderr
    assert "puerto" not in segunda.stderr


def test_una_variable_que_no_vale_se_dice_una_vez_y_antes_de_lanzar_a_nadie(tmp_path):
    pila = Pila(tmp_path / "datos", ZONA_HORARIA="Marte/Olimpo")
    with pytest.raises(AssertionError) as fallo:
        pila.arrancar()
    assert "✘ clientes, leads: Configuración no válida" in str(fallo.value)
    assert str(fallo.value).count("ZONA_HORARIA") == 1
    assert list((tmp_path / "datos/registros").glob("clientes.log")) == []


def test_un_numero_que_no_lo_es_se_dice_antes_de_lanzar_a_nadie(tmp_path):
    with pytest.raises(AssertionError, match="WEB_HILOS debe ser un número entero, y vale 'ocho'"):
        Pila(tmp_path / "datos", WEB_HILOS="ocho").arrancar()


def test_un_servicio_que_no_arranca_se_explica_con_sus_propias_palabras(tmp_path):
    sin_sitio = tmp_path / "fichero"
    sin_sitio.touch()
    pila = Pila(tmp_path / "datos", STORAGE_DIR=str(sin_sitio / "dentro"), PLAZO_DE_ARRANQUE="20")
    with pytest.raises(AssertionError) as fallo:
        pila.arrancar()
    assert "almacen no ha llegado a estar listo" in str(fallo.value)
    assert f"NotADirectoryError: [Errno 20] Not a directory: '{sin_sitio}/dentro'" in str(fallo.value)
    assert "Traceback" not in str(fallo.value)


def test_la_clave_de_cifrado_se_crea_una_vez_y_solo_la_lee_su_dueno(otra_pila):
    pila = otra_pila(**EN_PRODUCCION, PARTNERS_CLAVE_CIFRADO="")
    claves = pila.datos / "claves.env"
    antes = claves.read_text()
    assert "PARTNERS_CLAVE_CIFRADO=" in antes
    assert claves.stat().st_mode & 0o077 == 0
    pila.detener()
    pila.arrancar()
    assert claves.read_text() == antes
