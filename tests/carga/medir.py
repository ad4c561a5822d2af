"""`make carga s=canales`: peticiones por segundo de un servicio frente a una referencia desnuda.

Las dos se miden intercaladas en la misma sesión, con los mismos procesos e hilos: lo que vale es la razón.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

RAIZ = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RAIZ))

import golpe  # noqa: E402
from golpe import Medida  # noqa: E402

from tests.pila import contesta, esperar, hijos, puertos_libres  # noqa: E402

RONDAS, SEGUNDOS, CONEXIONES = 5, 3, (1, 16)


MEDIDAS = {
    "canales": (
        Medida("leer un cliente", "GET", "/clientes/1"),
        Medida(
            "registrar un cliente", "POST", "/cliente", '{"nombre": "Juan Pérez", "tipo_servicio": "soporte"}'
        ),
    ),
    "storage": (
        Medida("leer un documento", "GET", "/archivos/ana0"),
        Medida(
            "guardar un documento",
            "POST",
            "/archivos",
            '{"nombre": "anaNUMERO", "contacto": "ana@ejemplo.com"}',
        ),
    ),
    "partners": (
        Medida("leer un partner", "GET", "/api/v1/partners/{id}"),
        Medida("listar 50 partners", "GET", "/api/v1/partners?page=1&per_page=50"),
    ),
}
# Lo que se crea antes de medir, y cuántas veces; `{id}` es el último que se creó.
SIEMBRAS = {
    "canales": ((MEDIDAS["canales"][1], 1),),
    "storage": ((MEDIDAS["storage"][1], 1),),
    "partners": (
        (
            Medida(
                "",
                "POST",
                "/api/v1/partners",
                '{"nombre": "Socio NUMERO", "email": "socioNUMERO@ejemplo.com"}',
            ),
            200,
        ),
        (Medida("", "POST", "/api/v1/partners/{id}/integraciones", '{"tipo": "API", "nombre": "Una"}'), 3),
    ),
}
CARPETAS = {
    "canales": "services/canales-service",
    "storage": "services/storage_service",
    "partners": "services/partners-service",
}
REFERENCIAS = {"partners": "referencia_partners"}
# Cada una es un programa de esta carpeta.
PROPIAS = ("cuadro", "espacio", "leads", "hojas", "eventos", "trazas")


def main() -> int:
    servicio = sys.argv[1] if len(sys.argv) > 1 else ""
    if servicio not in MEDIDAS:
        print(f"Di qué medir: make carga s={'|'.join((*MEDIDAS, *PROPIAS))}")
        return 2
    print(f"{servicio}: mediana de {RONDAS} rondas de {SEGUNDOS} s, intercaladas con la referencia\n")
    print(f"{'':<24}{'conexiones':>11}{'servicio/s':>12}{'referencia/s':>14}{'razón':>8}   (mín – máx)")
    with tempfile.TemporaryDirectory() as temporal:
        datos = Path(temporal)
        with (
            en_marcha(CARPETAS[servicio], datos / "servicio") as suya,
            referencia(datos / "referencia", REFERENCIAS.get(servicio, "referencia")) as otra,
        ):
            ids = [sembrar(url, servicio) for url in (suya.url, otra.url)]
            for medida in MEDIDAS[servicio]:
                suyo, otro = (medida.con(i) for i in ids)
                for conexiones in CONEXIONES:
                    comparar((suya.url, suyo), (otra.url, otro), conexiones)
            print()
            EXTRAS[servicio](suya, datos / "servicio")
    return 0


def comparar(suya: tuple[str, Medida], otra: tuple[str, Medida], conexiones: int) -> None:
    medida = suya[1]
    pares = [(golpear(*suya, conexiones), golpear(*otra, conexiones)) for _ in range(RONDAS)]
    razones = sorted(a / b for a, b in pares)
    mediana_a, mediana_b = (statistics.median(columna) for columna in zip(*pares, strict=True))
    print(
        f"{medida.nombre:<24}{conexiones:>11}{mediana_a:>12.0f}{mediana_b:>14.0f}"
        f"{statistics.median(razones):>8.2f}   ({razones[0]:.2f} – {razones[-1]:.2f})",
        flush=True,
    )


def golpear(url: str, medida: Medida, conexiones: int) -> float:
    """Peticiones por segundo."""
    return golpe.golpear(url, medida, conexiones, SEGUNDOS).ritmo


@dataclass(frozen=True)
class EnMarcha:
    url: str
    pid: int

    def memoria(self) -> float:
        """Memoria residente de todos sus procesos, en MB, sin contar dos veces la compartida."""
        return sum(map(pss, self.pids()))

    def cpu(self) -> float:
        """Segundos de CPU que llevan gastados todos sus procesos."""
        return sum(map(_cpu, self.pids()))

    def pids(self) -> list[int]:
        return [self.pid, *hijos(self.pid)]


def pss(pid: int) -> float:
    """MB de un proceso, con la parte que le toca de lo que comparte."""
    return int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1]) / 1024  # type: ignore[index]


def _cpu(pid: int) -> float:
    campos = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(campos[11]) + int(campos[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def en_marcha(carpeta: str, datos: Path, app: str = "app:app") -> Iterator[EnMarcha]:
    (puerto,) = puertos_libres(1)
    entorno = {**os.environ, "PORT": str(puerto), "DATOS_DIR": str(datos), "LOG_FORMAT": "json"}
    entorno["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{datos}/partners.sqlite"
    orden = [str(Path(sys.executable).parent / "gunicorn"), "-c", "python:chasis.gunicorn", app]
    proceso = subprocess.Popen(orden, cwd=RAIZ / carpeta, env=entorno, stdout=subprocess.DEVNULL)
    try:
        esperar(lambda: contesta(f"http://127.0.0.1:{puerto}/health/live"), 60)
        yield EnMarcha(f"http://127.0.0.1:{puerto}", proceso.pid)
    finally:
        proceso.terminate()
        proceso.wait(30)


@contextmanager
def referencia(datos: Path, modulo: str) -> Iterator[EnMarcha]:
    (datos / "clientes").mkdir(parents=True)
    preparar = f"import {modulo}; {modulo}.preparar_base()"
    entorno = {**os.environ, "DATOS_DIR": str(datos)}
    subprocess.run([sys.executable, "-c", preparar], cwd=Path(__file__).parent, env=entorno, check=True)
    with en_marcha("tests/carga", datos, f"{modulo}:app") as viva:
        yield viva


def sembrar(url: str, servicio: str) -> str:
    """Crea lo que se va a leer y devuelve el id de lo último que dijo dónde quedaba."""
    cabeceras, ultimo = {"Content-Type": "application/json"}, ""
    for alta, veces in SIEMBRAS[servicio]:
        for numero in range(veces):
            destino, cuerpo = (
                url + alta.ruta.replace("{id}", ultimo),
                alta.cuerpo.replace("NUMERO", str(numero)),
            )
            respuesta = requests.post(destino, data=cuerpo.encode(), headers=cabeceras, timeout=10)
            respuesta.raise_for_status()
            ultimo = respuesta.headers.get("Location", ultimo).rsplit("/", 1)[-1]
    return ultimo


def lista_de_cien_mil(canales: EnMarcha, datos: Path) -> None:
    """`GET /clientes` con 100 000 clientes: tiempo y cuánto crece la memoria."""
    import sqlite3

    with sqlite3.connect(datos / "canales.sqlite") as conexion:
        filas = ((f"Cliente {n}", "soporte", "2026-01-01 00:00:00.000000") for n in range(100_000))
        conexion.executemany(
            "INSERT INTO clientes (nombre, tipo_servicio, creado_en) VALUES (?, ?, ?)", filas
        )
    requests.get(f"{canales.url}/clientes?per_page=1", timeout=10)
    _descargar(canales, "/clientes")


def leer_entre_cien_mil(almacen: EnMarcha, datos: Path) -> None:
    """Leer un documento entre 100 y entre 100 000, intercalados: la razón debe rondar 1."""
    carpeta = datos / "clientes"
    medida = Medida("leer un documento", "GET", "/archivos/ana0")
    con_pocos = [golpear(almacen.url, medida, 1) for _ in range(RONDAS)]
    for numero in range(100_000):
        (carpeta / f"relleno%20{numero}.json").write_text(f'{{"nombre": "relleno {numero}"}}')
    con_muchos = [golpear(almacen.url, medida, 1) for _ in range(RONDAS)]
    pocos, muchos = statistics.median(con_pocos), statistics.median(con_muchos)
    print(f"leer uno entre 100 000: {muchos:.0f}/s; entre 100: {pocos:.0f}/s; razón {muchos / pocos:.2f}")


def lista_de_diez_mil(partners: EnMarcha, datos: Path) -> None:
    """`GET /api/v1/partners` con 10 000: tiempo y cuánto crece la memoria."""
    import sqlite3

    with sqlite3.connect(datos / "partners.sqlite") as conexion:
        iguales = "nombre, email, busqueda, estado, estado_kyc, fecha_creacion, fecha_actualizacion, version"
        copia = (
            f"INSERT INTO partners (id, email_clave, {iguales}) "
            f"SELECT ? || substr(id, 9), ? || email_clave, {iguales} FROM partners WHERE email_clave LIKE 'socio%'"
        )
        conexion.executemany(copia, ((f"{n:08d}", f"{n}-") for n in range(49)))
    requests.get(f"{partners.url}/api/v1/partners?per_page=1", timeout=10)
    _descargar(partners, "/api/v1/partners")


def _descargar(servicio: EnMarcha, ruta: str) -> None:
    antes, mayor, octetos, inicio = servicio.memoria(), 0.0, 0, time.perf_counter()
    with requests.get(servicio.url + ruta, stream=True, timeout=60) as respuesta:
        for trozo in respuesta.iter_content(1 << 18):
            octetos += len(trozo)
            mayor = max(mayor, servicio.memoria())
    segundos = time.perf_counter() - inicio
    print(f"GET {ruta}: {octetos / 1e6:.1f} MB en {segundos:.2f} s; memoria +{mayor - antes:.1f} MB")


EXTRAS = {"canales": lista_de_cien_mil, "storage": leer_entre_cien_mil, "partners": lista_de_diez_mil}


if __name__ == "__main__":
    sys.exit(main())
