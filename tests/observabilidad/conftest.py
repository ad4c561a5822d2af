"""Los tres servicios que una ficha nueva recorre, sin el resto de Centralita."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pila import RAIZ, contesta, esperar, puertos_libres
from tests.servidor import sirviendo
from tests.vecino import Vecino

CARPETAS = {
    "almacen": "services/storage_service",
    "clientes": "services/customer_service",
    "canales": "services/canales-service",
}


@dataclass(frozen=True)
class Recorrido:
    """Las direcciones, los procesos y la carpeta de registros de los servicios en marcha."""

    urls: dict[str, str]
    procesos: dict[str, subprocess.Popen[bytes]]
    datos: Path

    def registro(self, servicio: str) -> str:
        return (self.datos / f"{servicio}.log").read_text("utf-8")


@pytest.fixture(scope="module")
def recolector():
    """Hace de recolector de OpenTelemetry: guarda lo que le envían."""
    servidor = Vecino()
    with sirviendo(servidor):
        yield servidor


@pytest.fixture(scope="module")
def recorrido(tmp_path_factory, recolector):
    """Con gunicorn y sus procesos hijos, como en `make run`, y las trazas al recolector."""
    datos = tmp_path_factory.mktemp("recorrido")
    urls = {n: f"http://127.0.0.1:{p}" for n, p in zip(CARPETAS, puertos_libres(len(CARPETAS)), strict=True)}
    comunes = {
        **os.environ,
        "DATOS_DIR": str(datos),
        "LOG_FORMAT": "json",
        "STORAGE_SERVICE_URL": urls["almacen"],
        "EVENTOS_DESTINOS": f"clientes=canales@{urls['canales']}",
        "EVENTOS_CLAVE": "clave-de-las-pruebas-de-32-bytes-o-mas",
        "OTEL_EXPORTER_OTLP_ENDPOINT": recolector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",  # milisegundos entre un envío y el siguiente
    }
    procesos = {nombre: lanzar(nombre, url, comunes, datos) for nombre, url in urls.items()}
    try:
        esperar(lambda: all(contesta(f"{url}/health/ready") for url in urls.values()), 100)
        yield Recorrido(urls, procesos, datos)
    finally:
        for proceso in procesos.values():
            proceso.terminate()
        for proceso in procesos.values():
            proceso.wait(30)


def lanzar(nombre, url, comunes, datos):
    metricas = datos / "metricas" / nombre
    metricas.mkdir(parents=True)
    orden = [str(Path(sys.executable).parent / "gunicorn"), "-c", "python:chasis.gunicorn", "app:app"]
    entorno = {**comunes, "PORT": url.rsplit(":", 1)[1], "PROMETHEUS_MULTIPROC_DIR": str(metricas)}
    with (datos / f"{nombre}.log").open("wb") as salida:
        return subprocess.Popen(orden, cwd=RAIZ / CARPETAS[nombre], env=entorno, stdout=salida, stderr=salida)
