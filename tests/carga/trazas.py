"""`make carga s=trazas`: lo que cuesta trazar un servicio, en peticiones por segundo, memoria y arranque.

Debe ir a 0,75 o más de lo que va sin trazas; sin ellas no cuesta nada, y eso lo exige una prueba del chasis.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from medir import CARPETAS, CONEXIONES, MEDIDAS, comparar, en_marcha, sembrar

SERVICIO = "canales"
IMPORTES = 5


def main() -> int:
    with tempfile.TemporaryDirectory() as temporal, recolector() as url:
        datos, carpeta = Path(temporal), CARPETAS[SERVICIO]
        with en_marcha(carpeta, datos / "sin") as sin_trazas, con_variable(url):
            with en_marcha(carpeta, datos / "con") as con_trazas:
                print(f"{'':<24}{'conexiones':>11}{'con/s':>12}{'sin/s':>14}{'razón':>8}   (mín – máx)")
                for viva in (sin_trazas, con_trazas):
                    sembrar(viva.url, SERVICIO)
                for medida in MEDIDAS[SERVICIO]:
                    for conexiones in CONEXIONES:
                        comparar((con_trazas.url, medida), (sin_trazas.url, medida), conexiones)
                memorias = con_trazas.memoria(), sin_trazas.memoria()
                print(f"\nmemoria: {memorias[0]:.0f} MB con trazas, {memorias[1]:.0f} MB sin ellas")
    print(
        f"importar: {importar('chasis.web'):.0f} ms sin trazas, {importar('chasis.telemetria'):.0f} ms más con ellas"
    )
    return 0


@contextmanager
def recolector():
    """Recibe las trazas y no hace nada con ellas."""

    class Sumidero(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Sumidero)
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{servidor.server_port}"
    servidor.shutdown()


@contextmanager
def con_variable(url: str):
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
    yield
    del os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]


def importar(modulo: str) -> float:
    """Milisegundos de importarlo sobre lo que ya cuesta `chasis.web`: el mejor de varios intentos."""
    previo = "" if modulo == "chasis.web" else "import chasis.web, chasis.bd; "
    codigo = f"{previo}import time; t = time.perf_counter(); import {modulo}; print(time.perf_counter() - t)"
    orden = [sys.executable, "-c", codigo]
    salidas = (subprocess.run(orden, capture_output=True, text=True, check=True) for _ in range(IMPORTES))
    return min(float(salida.stdout) for salida in salidas) * 1000


if __name__ == "__main__":
    sys.exit(main())
