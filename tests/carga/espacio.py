"""`make carga s=espacio`: deudas y carrito frente a un FastAPI desnudo, y deudas con y sin una tromba de entradas."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from medir import EnMarcha

from tests.pila import contesta, esperar, puertos_libres

RONDAS, SEGUNDOS = 5, 3
CLAVE = "clave-de-ejemplo"
DEUDAS = "/consulta/deuda-cliente/?documento=30111222&moneda=1"
CARRITO = "/carrito/agregar?idsession={sesion}&codmovimiento=123&usuario=cliente&indicador="
# Agrega y quita por turnos, para que cada petición escriba.
GUION = """
wrk.headers["Authorization"] = "Bearer {token}"
local vez = 0
request = function()
  vez = vez + 1
  if "{metodo}" == "GET" then return wrk.format("GET", "{ruta}") end
  return wrk.format("POST", "{ruta}" .. (vez % 2 == 1 and "S" or "N"))
end
"""
ENTRADAS = f"""
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "username=cliente&password={CLAVE}"
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as temporal:
        suyos, otros = Path(temporal) / "servicio", Path(temporal) / "referencia"
        desnudo = [
            sys.executable,
            "-m",
            "uvicorn",
            "referencia_espacio:app",
            "--no-access-log",
            "--log-level",
            "error",
        ]
        with (
            en_marcha(suyos, [sys.executable, "-m", "espacio_clientes"]) as suyo,
            en_marcha(otros, desnudo, con_puerto=True) as otro,
        ):
            servicio, referencia = suyo.url, otro.url
            datos = {"username": "cliente", "password": CLAVE}
            token = requests.post(f"{servicio}/token", data=datos, timeout=10).json()["access_token"]
            for url in (servicio, referencia):
                requests.get(
                    url + DEUDAS, headers={"Authorization": f"Bearer {token}"}, timeout=10
                ).raise_for_status()
            for nombre, metodo, ruta in (
                ("consultar deudas", "GET", DEUDAS),
                ("carrito", "POST", CARRITO.format(sesion=1)),
            ):
                for conexiones in (1, 16):
                    comparar(
                        nombre,
                        GUION.format(token=token, metodo=metodo, ruta=ruta),
                        servicio,
                        referencia,
                        conexiones,
                    )
            con_tromba(servicio, GUION.format(token=token, metodo="GET", ruta=DEUDAS))
    return 0


def comparar(nombre: str, guion: str, servicio: str, referencia: str, conexiones: int) -> None:
    pares = [
        tuple(golpear(url, guion, conexiones)[0] for url in (servicio, referencia)) for _ in range(RONDAS)
    ]
    razones = sorted(a / b for a, b in pares)
    suya, otra = (statistics.median(columna) for columna in zip(*pares, strict=True))
    print(
        f"{nombre:<18} c={conexiones:<3} {suya:7.0f}/s frente a {otra:7.0f}/s   "
        f"razón {statistics.median(razones):.2f} ({razones[0]:.2f} – {razones[-1]:.2f})",
        flush=True,
    )


def con_tromba(url: str, guion: str) -> None:
    """p99 de consultar deudas mientras dieciséis clientes entran sin parar, frente a sin ellos."""
    razones = []
    for _ in range(RONDAS):
        tranquila = golpear(url, guion, 4)[1]
        with guardado(ENTRADAS) as fichero:
            orden = ["wrk", "-t1", "-c16", f"-d{SEGUNDOS + 2}", "-s", fichero, f"{url}/token"]
            tromba = subprocess.Popen(orden, stdout=subprocess.PIPE, text=True)
            razones.append(golpear(url, guion, 4)[1] / tranquila)
            entradas = re.search(r"Requests/sec:\s+([\d.]+)", tromba.communicate()[0])[1]  # type: ignore[index]
        print(
            f"p99 sin entradas {tranquila:.1f} ms; con {entradas} entradas/s, x{razones[-1]:.2f}", flush=True
        )
    print(f"mediana: x{statistics.median(razones):.2f}")


def golpear(url: str, guion: str, conexiones: int) -> tuple[float, float]:
    """Peticiones por segundo y p99 en milisegundos."""
    with guardado(guion) as fichero:
        orden = ["wrk", "--latency", "-t1", f"-c{conexiones}", f"-d{SEGUNDOS}", "-s", fichero, url]
        salida = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in salida:
        raise SystemExit(f"{url} contestó errores:\n{salida}")
    valor, unidad = re.search(r"99%\s+([\d.]+)(us|ms|s)", salida).groups()  # type: ignore[union-attr]
    p99 = float(valor) * {"us": 0.001, "ms": 1, "s": 1000}[unidad]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", salida)[1]), p99  # type: ignore[index]


@contextmanager
def guardado(guion: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as fichero:
        fichero.write(guion)
        fichero.flush()
        yield fichero.name


@contextmanager
def en_marcha(datos: Path, orden: list[str], *, con_puerto: bool = False) -> Iterator[EnMarcha]:
    (puerto,) = puertos_libres(1)
    propio = {"PORT": str(puerto), "DATOS_DIR": str(datos), "LOG_FORMAT": "json", "SECRET_KEY": "s" * 40}
    entorno = {**os.environ, **propio, "ESPACIO_DEMO_PASSWORD_CLIENTE": CLAVE}
    semillas = [sys.executable, "-m", "espacio_clientes.semillas"]
    subprocess.run(semillas, env=entorno, stdout=subprocess.DEVNULL, check=True)
    completa = [*orden, "--port", str(puerto)] if con_puerto else orden
    proceso = subprocess.Popen(completa, cwd=Path(__file__).parent, env=entorno, stdout=subprocess.DEVNULL)
    try:
        esperar(lambda: contesta(f"http://127.0.0.1:{puerto}/health/live"), 60)
        yield EnMarcha(f"http://127.0.0.1:{puerto}", proceso.pid)
    finally:
        proceso.terminate()
        proceso.wait(30)
