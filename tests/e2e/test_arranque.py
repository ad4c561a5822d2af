"""`make run` por dentro: quien cae vuelve, parar para todo, y nadie queda huérfano."""

import os
import signal
import socket
import subprocess
import sys

import pytest
import requests

from deploy.local.vivo import vive
from tests.pila import EN_PRODUCCION, PROCESOS, PUERTOS, RAIZ, Pila, contesta, esperar, hijos

sys.path.insert(0, str(RAIZ / "deploy/local"))
import fichero_env

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


def test_una_variable_que_no_vale_se_dice_una_vez_y_antes_de_lanzar_a_nadie(tmp_path):
    pila = Pila(tmp_path / "datos", ZONA_HORARIA="Marte/Olimpo")
    with pytest.raises(AssertionError) as fallo:
        pila.arrancar()
    assert "✘ clientes, leads: Configuración no válida" in str(fallo.value)
    assert str(fallo.value).count("ZONA_HORARIA") == 1
    assert list((tmp_path / "datos/registros").glob("clientes.log")) == []


def test_un_servicio_que_no_arranca_se_explica_con_sus_propias_palabras(tmp_path):
    sin_sitio = tmp_path / "fichero"
    sin_sitio.touch()
    pila = Pila(tmp_path / "datos", STORAGE_DIR=str(sin_sitio / "dentro"), PLAZO_DE_ARRANQUE="20")
    with pytest.raises(AssertionError) as fallo:
        pila.arrancar()
    assert "almacen no ha llegado a estar listo" in str(fallo.value)
    assert f"NotADirectoryError: [Errno 20] Not a directory: '{sin_sitio}/dentro'" in str(fallo.value)
    assert "Traceback" not in str(fallo.value)


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


def en_canales(pila):
    lista = requests.get(pila.url("canales") + "/clientes?per_page=500", timeout=5).json()
    return [cliente["nombre"] for cliente in lista]


def test_los_datos_de_demostracion_no_van_a_la_centralita_de_otra_carpeta(pila, tmp_path):
    orden = [sys.executable, str(RAIZ / "deploy/local/datos_demo.py")]
    entorno = {**pila.entorno, "DATOS_DIR": str(tmp_path)}
    carga = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=False)
    assert carga.returncode == 1
    assert "no está en marcha desde esta carpeta" in carga.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("texto", ["CANALES_PORT 5100", "CANALES_PORT", "GATEWAY_RITMO=1\nesto no vale\n"])
def test_una_linea_mal_escrita_de_env_se_dice(tmp_path, texto):
    fichero = tmp_path / ".env"
    fichero.write_text(texto)
    with pytest.raises(SystemExit, match=r"línea \d: «.+» no es NOMBRE=valor"):
        fichero_env.cargar(fichero)


def test_un_nombre_que_casi_es_el_de_una_variable_se_avisa(tmp_path, capsys):
    fichero = tmp_path / ".env"
    fichero.write_text("CANALES_PROT=5100\nCANALES_PORT=5100\nLO_MIO=1\n")
    fichero_env.avisar_de_las_desconocidas(fichero, RAIZ / ".env.example")
    assert capsys.readouterr().err == "Aviso: .env pone CANALES_PROT, ¿querías decir CANALES_PORT?\n"


@pytest.mark.parametrize(
    ("pedido", "carpeta"),
    [
        ("canales", "services/canales-service"),
        ("canales-service", "services/canales-service"),
        ("chasis", "services/chasis"),
        ("portal", "gateway/portal"),
        ("nadie", None),
    ],
)
def test_un_servicio_se_prueba_por_cualquiera_de_sus_nombres(pedido, carpeta):
    orden = [sys.executable, str(RAIZ / "deploy/local/carpeta.py"), pedido]
    salida = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert (salida.returncode == 0) is bool(carpeta)
    assert salida.stdout.strip() == (carpeta or "")
    assert carpeta or "Los que hay: almacen, clientes, canales" in salida.stderr


def test_los_datos_de_demostracion_entran_por_las_api_y_repetirlos_no_los_duplica(otra_pila):
    pila = otra_pila()
    orden = [sys.executable, str(RAIZ / "deploy/local/datos_demo.py")]
    for _ in range(2):
        carga = subprocess.run(
            orden, env=pila.entorno, capture_output=True, text=True, timeout=60, check=False
        )
        assert carga.returncode == 0, carga.stderr
    assert pila.url("gateway") in carga.stdout
    assert len(requests.get(pila.url("clientes") + "/clientes", timeout=5).json()) >= 6
    # La mitad llega a canales como evento de su ficha, y cada una una sola vez.
    esperar(lambda: len(en_canales(pila)) >= 12)
    assert len(en_canales(pila)) == len(set(en_canales(pila)))
    partners = requests.get(pila.url("partners") + "/api/v1/partners", timeout=5).json()
    assert [partner["integraciones_count"] for partner in partners["partners"]] == [2, 0, 1, 0]


def test_la_clave_de_cifrado_se_crea_una_vez_y_solo_la_lee_su_dueno(otra_pila):
    pila = otra_pila(**EN_PRODUCCION, PARTNERS_CLAVE_CIFRADO="")
    claves = pila.datos / "claves.env"
    antes = claves.read_text()
    assert "PARTNERS_CLAVE_CIFRADO=" in antes
    assert claves.stat().st_mode & 0o077 == 0
    pila.detener()
    pila.arrancar()
    assert claves.read_text() == antes


def test_cada_puerto_tiene_su_variable():
    from procesos import GATEWAY_INTERNO, TODOS

    assert {proceso.variable for proceso in (*TODOS, GATEWAY_INTERNO)} == set(PUERTOS.values())


@pytest.mark.parametrize(
    ("guion", "mensaje"),
    [
        ("exit 1", "Hace falta Python 3.11 o posterior"),
        ('case "$*" in *venv*) exit 1;; esac', "sudo apt install python3-venv"),
        (None, "No se encuentra «"),
    ],
    ids=["antiguo", "sin venv", "no está"],
)
def test_con_un_python_que_no_sirve_se_dice_que_falta(tmp_path, guion, mensaje):
    python = tmp_path / "python"
    if guion:
        python.write_text(f"#!/bin/sh\n{guion}\n")
        python.chmod(0o755)
    orden = ["sh", str(RAIZ / "deploy/local/instalar.sh"), str(tmp_path / "venv")]
    entorno = {**os.environ, "PYTHON": str(python)}
    salida = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=False)
    assert salida.returncode == 1
    assert mensaje in salida.stderr
