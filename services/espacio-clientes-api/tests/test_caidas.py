"""El proceso de verdad muere con `kill -9` en mitad de pagos y anulaciones: nada confirmado se pierde.

`ESPACIO_MUERTES=20` lo repite veinte veces.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from espacio_clientes.api.auth import Firmante
from espacio_clientes.infraestructura import altas
from espacio_clientes.infraestructura.tablas import pagos
from tests.pila import contesta, esperar, puertos_libres

from .conftest import deuda

MUERTES = int(os.environ.get("ESPACIO_MUERTES", "2"))
CARPETA = Path(__file__).parents[1]


class Servidor:
    """`uvicorn api.api:app`, tal como lo arranca el README."""

    def __init__(self, datos: Path) -> None:
        (self.puerto,) = puertos_libres(1)
        self.datos = datos
        self.entorno = {
            **os.environ, "DATOS_DIR": str(datos), "SECRET_KEY": "s" * 40, "LOG_FORMAT": "json",
            "PROCESADOR_PLAZO": "1",
        }  # fmt: skip
        self.url = f"http://127.0.0.1:{self.puerto}"
        self.salida = datos.parent / "uvicorn.log"

    def arrancar(self) -> None:
        orden = [sys.executable, "-m", "uvicorn", "api.api:app", "--port", str(self.puerto)]
        with self.salida.open("ab") as salida:
            self.proceso = subprocess.Popen(
                orden, cwd=CARPETA, env=self.entorno, stdout=salida, stderr=salida
            )
        esperar(lambda: contesta(f"{self.url}/health/ready"), 60)

    def matar(self) -> None:
        self.proceso.send_signal(signal.SIGKILL)
        self.proceso.wait(10)

    def parar(self) -> int:
        self.proceso.send_signal(signal.SIGTERM)
        return self.proceso.wait(20)


class Cliente(threading.Thread):
    """Paga y anula sin parar hasta que el servidor desaparece; recuerda lo que se le confirmó."""

    def __init__(self, url: str, codigo: str) -> None:
        super().__init__()
        self.url, self.codigo = url, codigo
        token = Firmante(b"s" * 40, "api.mi-tierra.com", "clientes", 30).emitir("cliente")
        self.sesion_http = requests.Session()
        self.sesion_http.headers["Authorization"] = f"Bearer {token}"
        self.confirmado: dict[str, str] = {}

    def run(self) -> None:
        with suppress(requests.RequestException, ValueError):
            for vuelta in range(10_000):
                self._una_vuelta(f"T{self.codigo}-{vuelta}")

    def _una_vuelta(self, transaccion: str) -> None:
        consulta = {"documento": "30111222", "moneda": 1}
        deudas = self.sesion_http.get(
            f"{self.url}/consulta/deuda-cliente/", params=consulta, timeout=10
        ).json()
        linea = {
            "idsession": deudas["idsession"], "indicador": "S", "codmovimiento": self.codigo, "usuario": "cliente",
        }  # fmt: skip
        self.sesion_http.post(f"{self.url}/carrito/agregar", params=linea, timeout=10)
        pago = {"session": deudas["idsession"], "user": "cliente", "cod_transaccion": transaccion}
        if self.sesion_http.post(f"{self.url}/pago", params=pago, timeout=10).status_code == 201:
            self.confirmado[transaccion] = "APROBADO"
        anulado = self.sesion_http.post(
            f"{self.url}/anulacion", params={"cod_transaccion": transaccion}, timeout=10
        )
        if anulado.status_code == 200:
            self.confirmado[transaccion] = "ANULADO"


@pytest.mark.timeout(600)
def test_matar_el_proceso_en_plena_faena_no_pierde_nada_confirmado(app, piezas, tmp_path):
    # Cada ronda, sus deudas: las que tenía a medias la anterior siguen tomadas hasta que se concilian.
    rondas = [[f"K{ronda}-{n}" for n in range(6)] for ronda in range(MUERTES)]
    with piezas.bd.escritura() as conexion:
        altas.alta_de_deudas(conexion, [deuda(codigo) for ronda in rondas for codigo in ronda])
    servidor, confirmado = Servidor(tmp_path), dict[str, str]()
    for codigos in rondas:
        servidor.arrancar()
        clientes = [Cliente(servidor.url, codigo) for codigo in codigos]
        for cliente in clientes:
            cliente.start()
        esperar(lambda c=clientes: sum(len(uno.confirmado) for uno in c) >= 30, 60)
        servidor.matar()
        for cliente in clientes:
            cliente.join()
            confirmado |= cliente.confirmado
        _comprobar(servidor, piezas, confirmado)
    assert len(confirmado) >= 30 * MUERTES
    servidor.arrancar()
    esperar(lambda: _a_medias(piezas) == 0, 40)
    _comprobar(servidor, piezas, confirmado)
    assert servidor.parar() in (0, -signal.SIGTERM)
    assert "Application shutdown complete" in servidor.salida.read_text()
    print(f"{MUERTES} muertes, {len(confirmado)} pagos confirmados, ninguno perdido")


def _comprobar(servidor, piezas, confirmado) -> None:
    orden = [sys.executable, "-m", "espacio_clientes.verificar"]
    verificador = subprocess.run(orden, env=servidor.entorno, capture_output=True, text=True, check=False)
    assert (verificador.returncode, verificador.stderr) == (0, ""), verificador.stdout
    assert verificador.stdout.rstrip().endswith("El libro cuadra.")
    with piezas.bd.lectura() as conexion:
        filas = conexion.execute(sa.select(pagos.c.cod_transaccion, pagos.c.estado)).all()
    guardado = {fila.cod_transaccion: fila.estado for fila in filas}
    for transaccion, estado in confirmado.items():
        # Un pago confirmado cuya anulación no se llegó a contestar puede estar ya anulado; lo contrario, nunca.
        assert guardado[transaccion] in (estado, "ANULADO"), transaccion


def _a_medias(piezas) -> int:
    with piezas.bd.lectura() as conexion:
        iniciados = pagos.c.estado.in_(("INICIADO", "DESCONOCIDO"))
        return conexion.execute(sa.select(sa.func.count()).select_from(pagos).where(iniciados)).scalar_one()


def test_con_la_base_caida_se_contesta_503_y_luego_todo_vuelve(web, lucia, piezas):
    fichero = Path(piezas.bd.url.database)
    piezas.bd.cerrar()
    escondida = fichero.rename(f"{fichero}.escondida")
    fichero.mkdir()
    for salida in (
        lucia.deudas(),
        lucia.pagar(1),
        lucia.anular(),
        web.post("/token", data={"username": "a", "password": "b"}),
    ):
        assert (salida.status_code, salida.json()) == (503, {"detail": "Base de datos no disponible"})
        assert salida.headers["Retry-After"] == "1"
    assert web.get("/health/ready").status_code == 503
    assert web.get("/health/live").status_code == 200
    fichero.rmdir()
    escondida.rename(fichero)
    assert lucia.deudas().status_code == 200
    assert web.get("/health/ready").status_code == 200
