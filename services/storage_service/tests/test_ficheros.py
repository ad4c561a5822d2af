"""Lo que solo promete el almacén de ficheros: legibilidad, durabilidad y daño contenido."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chasis.errores import FalloInterno
from storage_service.infraestructura import nombres
from storage_service.infraestructura.ficheros import AlmacenDeFicheros

SIEMPRE = lambda actual: True  # noqa: E731


@pytest.fixture
def url_del_almacen(tmp_path):
    return (tmp_path / "clientes").as_uri()


@pytest.fixture
def carpeta(tmp_path) -> Path:
    return tmp_path / "clientes"


def test_cada_cliente_es_un_fichero_json_que_se_lee_a_simple_vista(web, carpeta):
    web.post("/archivos", json={"nombre": "Maria Lopez", "contacto": "añil@sky.com"})
    assert (carpeta / "Maria%20Lopez.json").read_text("utf-8") == (
        '{\n  "nombre": "Maria Lopez",\n  "contacto": "añil@sky.com"\n}\n'
    )


def test_nada_se_escribe_fuera_de_la_carpeta(web, tmp_path):
    antes = {p for p in tmp_path.rglob("*") if "clientes" not in p.parts}
    for nombre in ("../fuera", "/tmp/fuera", "..", "a/../../fuera"):
        web.post("/archivos", json={"nombre": nombre})
    assert {p for p in tmp_path.rglob("*") if "clientes" not in p.parts} == antes


def test_un_documento_corrupto_es_un_500_solo_para_ese_nombre_y_se_cuenta(web, carpeta):
    for nombre in ("Ana", "Eva"):
        web.post("/archivos", json={"nombre": nombre})
    (carpeta / "Ana.json").write_text('{"nombre": "An')
    salida = web.get("/archivos/Ana")
    assert (salida.status_code, salida.json) == (500, {"error": "El documento del cliente 'Ana' está dañado"})
    assert web.get("/archivos/Eva").status_code == 200
    assert web.get("/archivos").json == ["Ana", "Eva"]
    assert web.get("/health/ready").json["comprobaciones"]["almacen"]["documentos_corruptos"] == 1
    web.post("/archivos", json={"nombre": "Ana"})
    assert web.get("/archivos/Ana").status_code == 200
    assert web.get("/health/ready").json["comprobaciones"]["almacen"]["documentos_corruptos"] == 0


@pytest.mark.parametrize("octetos", [0, 65_535, 65_536, 65_537, 200_000])
def test_un_documento_se_lee_entero_mida_lo_que_mida(carpeta, octetos):
    contenido = b"x" * octetos
    almacen = AlmacenDeFicheros(carpeta)
    almacen.guardar("ana", contenido, None)
    assert almacen.leer("ana") == contenido


def test_sin_espacio_no_se_pierde_lo_que_habia_ni_queda_basura(web, carpeta, monkeypatch):
    web.post("/archivos", json={"nombre": "Ana", "n": 1})
    with monkeypatch.context() as disco_lleno:
        disco_lleno.setattr(
            "os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        salida = web.post("/archivos", json={"nombre": "Ana", "n": 2})
    assert (salida.status_code, salida.json) == (500, {"error": "Error al guardar el cliente"})
    assert web.get("/archivos/Ana").json["n"] == 1
    assert list((carpeta / ".tmp").iterdir()) == []


def test_listar_no_abre_los_documentos(carpeta):
    almacen = AlmacenDeFicheros(carpeta)
    almacen.guardar("Ana", b"{}", SIEMPRE)
    (carpeta / "Ana.json").unlink()
    (carpeta / "Ana.json").mkdir()  # abrirla daría error
    assert list(almacen.nombres()) == ["Ana"]
    with pytest.raises(FalloInterno):
        almacen.leer("Ana")


def test_en_un_disco_que_no_distingue_mayusculas_las_claves_si_las_distinguen():
    claves = {
        nombres.clave(n, 200, distinguir_mayusculas=False).lower() for n in ("Ana", "ana", "ANA", "A%6Ea")
    }
    assert len(claves) == 4
    assert nombres.nombre(nombres.clave("ÁNA", 200, distinguir_mayusculas=False)) == "ÁNA"


def test_kill_9_a_mitad_de_mil_escrituras_no_pierde_ni_rompe_nada_confirmado(carpeta):
    programa = """
import json, sys
from pathlib import Path
from storage_service.infraestructura.ficheros import AlmacenDeFicheros
almacen, ronda = AlmacenDeFicheros(Path(sys.argv[1])), int(sys.argv[2])
for n in range(1000):
    nombre = f"cliente {n % 50}"
    documento = {"nombre": nombre, "n": [ronda, n], "relleno": "x" * 5000}
    almacen.guardar(nombre, json.dumps(documento).encode(), lambda _: True)
    print(nombre, ronda, n, sep="|", flush=True)
"""
    confirmado: dict[str, list[int]] = {}
    for ronda in range(4):
        proceso = subprocess.Popen(
            [sys.executable, "-c", programa, str(carpeta), str(ronda)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(60 + 31 * ronda):
            nombre, *version = proceso.stdout.readline().strip().split("|")
            confirmado[nombre] = [int(v) for v in version]
        os.kill(proceso.pid, signal.SIGKILL)
        for linea in proceso.stdout:
            if linea.endswith("\n"):
                nombre, *version = linea.strip().split("|")
                confirmado[nombre] = [int(v) for v in version]
        proceso.wait()
        proceso.stdout.close()
        almacen = AlmacenDeFicheros(carpeta)
        for nombre, version in confirmado.items():
            documento = json.loads(almacen.leer(nombre))
            assert documento["n"] >= version
            assert len(documento["relleno"]) == 5000


def test_los_temporales_de_un_proceso_muerto_se_recogen_pasado_un_tiempo(carpeta):
    AlmacenDeFicheros(carpeta)
    viejo, reciente = carpeta / ".tmp" / "viejo", carpeta / ".tmp" / "reciente"
    viejo.touch()
    reciente.touch()
    hace_dos_horas = time.time() - 7200
    os.utime(viejo, (hace_dos_horas, hace_dos_horas))
    AlmacenDeFicheros(carpeta)
    assert (viejo.exists(), reciente.exists()) == (False, True)
