"""Centralita entera en marcha para una prueba: la misma orden que `make run`, con puertos y datos propios."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests

RAIZ = Path(__file__).resolve().parents[1]
PUERTOS = {
    "canales": "CANALES_PORT",
    "almacen": "STORAGE_PORT",
    "clientes": "CUSTOMER_PORT",
    "partners": "PARTNERS_PORT",
    "simulado": "SIMULADO_PORT",
    "leads": "LEADS_PORT",
    "espacio": "ESPACIO_PORT",
    "portal": "PORTAL_PORT",
    "gateway": "GATEWAY_PORT",
    "gateway-interno": "GATEWAY_ADMIN_PORT",
}
PROCESOS = tuple(nombre for nombre in PUERTOS if nombre != "gateway-interno")  # los que vigila el supervisor
SERVICIOS = tuple(nombre for nombre in PROCESOS if nombre != "gateway")
# Lo que ningún servicio se inventa en producción.
EN_PRODUCCION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "clave-de-las-pruebas-de-32-bytes-o-mas",
    "TUOTEMPO_BASE_URL": "https://tuotempo.invalid",
    "TUOTEMPO_API_KEY_PRE": "llave-de-las-pruebas",
    "TUOTEMPO_API_KEY_PRO": "llave-de-las-pruebas",
}


class Pila:
    """Arranca con `deploy/local/arrancar.py` y espera a que diga que está lista."""

    def __init__(self, datos: Path, **entorno: str) -> None:
        self.datos = datos
        self.puertos = dict(zip(PUERTOS, puertos_libres(len(PUERTOS)), strict=True))
        propios = {PUERTOS[nombre]: str(puerto) for nombre, puerto in self.puertos.items()}
        sin_limite = {"GATEWAY_RITMO": "1000000", "GATEWAY_RAFAGA": "1000000"}
        self.propio = entorno
        self.entorno = {**os.environ, **propios, "DATOS_DIR": str(datos), **sin_limite, **entorno}
        self.salida = datos.parent / f"{datos.name}.log"
        self.lanzador: subprocess.Popen[bytes] | None = None

    def arrancar(self) -> Pila:
        orden = [sys.executable, str(RAIZ / "deploy/local/arrancar.py")]
        with self.salida.open("wb") as salida:
            self.lanzador = subprocess.Popen(orden, env=self.entorno, stdout=salida, stderr=salida)
        plazo = (
            float(self.entorno.get("PLAZO_DE_ARRANQUE") or 60) + 30
        )  # y lo que tarde en explicarse y parar
        esperar(lambda: "está lista" in self.texto() or self.lanzador.poll() is not None, plazo)
        if self.lanzador.poll() is not None:
            raise AssertionError(f"No arrancó:\n{self.texto()}")
        return self

    def detener(self) -> None:
        if self.lanzador and self.lanzador.poll() is None:
            self.lanzador.send_signal(signal.SIGTERM)
            self.lanzador.wait(15)

    def url(self, servicio: str) -> str:
        return f"http://127.0.0.1:{self.puertos[servicio]}"

    def por_el_gateway(self, servicio: str) -> str:
        return f"{self.url('gateway')}/{servicio}"

    def texto(self) -> str:
        return self.salida.read_text("utf-8", "replace")

    def registro(self, proceso: str) -> str:
        return (self.datos / "registros" / f"{proceso}.log").read_text("utf-8", "replace")

    def registros(self) -> dict[str, str]:
        """Lo que ha escrito cada proceso (lo que se ve en la terminal, que enseña ejemplos, está en `texto`)."""
        ficheros = sorted((self.datos / "registros").glob("*.log*"))
        return {fichero.name: fichero.read_text("utf-8", "replace") for fichero in ficheros}

    def pids(self, proceso: str) -> list[int]:
        """Los procesos (con sus hijos) de un servicio: el primero es el que vigila el supervisor."""
        conf = self.datos / "ejecucion" / "supervisord.conf"
        orden = [
            sys.executable,
            "-m",
            "supervisor.supervisorctl",
            "-c",
            str(conf),
            "pid",
            f"centralita:{proceso}",
        ]
        principal = int(subprocess.run(orden, capture_output=True, text=True, check=True).stdout)
        return [principal, *hijos(principal)]

    def senal(self, proceso: str, senal: signal.Signals) -> None:
        for pid in self.pids(proceso):
            os.kill(pid, senal)


def puertos_libres(cuantos: int) -> list[int]:
    reservas = [socket.socket() for _ in range(cuantos)]
    for reserva in reservas:
        reserva.bind(("127.0.0.1", 0))
    puertos = [reserva.getsockname()[1] for reserva in reservas]
    for reserva in reservas:
        reserva.close()
    return puertos


def hijos(pid: int) -> list[int]:
    try:
        texto = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [nieto for hijo in texto.split() for nieto in (int(hijo), *hijos(int(hijo)))]


def esperar(condicion: Callable[[], object], segundos: float = 20) -> None:
    """Espera a que algo sea cierto; el plazo es holgado y solo se agota si no llega a serlo nunca."""
    limite = time.monotonic() + segundos
    while not condicion():
        if time.monotonic() > limite:
            raise AssertionError(f"No llegó a cumplirse en {segundos} s")
        time.sleep(0.05)


def contesta(url: str, estado: int = 200) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == estado
    except requests.RequestException:
        return False
