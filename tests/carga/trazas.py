"""`make carga s=trazas`: lo que cuesta trazar un servicio, en peticiones por segundo, memoria y arranque.

Guardándolas todas, una lectura corta va a la mitad y un alta a 0,65; con una de cada diez, todo a 0,7 o más.
Sin ellas no cuestan nada, y eso lo exige una prueba del chasis.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from medir import CARPETAS, CONEXIONES, MEDIDAS, comparar, en_marcha, sembrar

SERVICIO = "canales"
MUESTRAS = ("1.0", "0.1")  # qué parte de las trazas se guarda
IMPORTES = 5


def main() -> int:
    datos_de, carpeta = tempfile.TemporaryDirectory, CARPETAS[SERVICIO]
    with (
        datos_de() as temporal,
        recolector() as url,
        en_marcha(carpeta, Path(temporal) / "sin") as sin_trazas,
    ):
        sembrar(sin_trazas.url, SERVICIO)
        for muestra in MUESTRAS:
            with trazando(url, muestra), en_marcha(carpeta, Path(temporal) / muestra) as con_trazas:
                sembrar(con_trazas.url, SERVICIO)
                print(
                    f"\n{f'guardando {muestra}':<24}{'conexiones':>11}{'con/s':>12}{'sin/s':>14}{'razón':>8}"
                )
                for medida in MEDIDAS[SERVICIO]:
                    for conexiones in CONEXIONES:
                        comparar((con_trazas.url, medida), (sin_trazas.url, medida), conexiones)
                print(
                    f"memoria: {con_trazas.memoria():.0f} MB con trazas, {sin_trazas.memoria():.0f} MB sin ellas"
                )
    sin_ellas, con_ellas = importar("chasis.web"), importar("chasis.telemetria")
    print(f"importar: {sin_ellas:.0f} ms sin trazas, {con_ellas:.0f} ms más con ellas")
    return 0


@contextmanager
def recolector() -> Iterator[str]:
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
def trazando(url: str, muestra: str) -> Iterator[None]:
    os.environ |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": muestra,
    }
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
