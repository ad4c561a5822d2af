"""`make carga`: todos los servicios en marcha y una sola tabla; `make carga-pila`, la misma contra los contenedores.

Cada petición se mide contra el servicio y contra una referencia desnuda, intercaladas en la misma sesión: lo que vale
es la razón. Con `CARGA_DIRECCIONES` (`canales=http://…,almacen=…`) no arranca nada y mide lo que haya ahí; sin ella,
arranca lo mismo que `make run`, en otra carpeta y otros puertos.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from banco import Fila, filas, referencias, sembrar_usuarios
from golpe import Golpe, Medida, golpear
from medir import EnMarcha

from tests.pila import Pila

RONDAS, SEGUNDOS = int(os.environ.get("CARGA_RONDAS") or 3), int(os.environ.get("CARGA_SEGUNDOS") or 2)
CONEXIONES = (1, 16, 64)
PROCESOS = ("canales", "almacen", "clientes", "partners", "leads", "espacio", "simulado", "portal", "gateway")
RESULTADOS = Path(__file__).with_name("RESULTADOS.md")


def main() -> int:
    partes = []
    with tempfile.TemporaryDirectory() as temporal:
        datos = Path(temporal)
        with servicios(datos / "servicios") as (suyos, pila), referencias(datos / "referencias") as otros:
            if pila:
                partes.append(memoria(suyos, pila))
            partes.insert(0, tabla(suyos, otros))
            partes.append(lo_que_anade_el_gateway(suyos["canales"].url, suyos["gateway"].url))
    escribir("Todo en una máquina" if pila else "En contenedores", "\n\n".join(partes))
    return 0


@contextmanager
def servicios(datos: Path) -> Iterator[tuple[Mapping[str, EnMarcha], Pila | None]]:
    """Cada servicio (sin proceso, si es de otros) y, si los ha arrancado él, la pila."""
    if dadas := os.environ.get("CARGA_DIRECCIONES"):
        pares = (par.split("=", 1) for par in dadas.split(","))
        yield {nombre: EnMarcha(url, 0) for nombre, url in pares}, None
        return
    pila = Pila(datos)
    try:
        pila.arrancar()
        sembrar_usuarios({**os.environ, "DATOS_DIR": str(datos)})
        time.sleep(5)  # en reposo: lo que se reparte al arrancar ya está repartido
        yield {nombre: EnMarcha(pila.url(nombre), pila.pids(nombre)[0]) for nombre in PROCESOS}, pila
    finally:
        pila.detener()


def tabla(suyos: Mapping[str, EnMarcha], otros: Mapping[str, EnMarcha]) -> str:
    lineas = [
        "| servicio | petición | conexiones | por segundo | p50 (ms) | p99 (ms) | razón | CPU (ms) | razón de CPU |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    print(*lineas, sep="\n", flush=True)
    for fila in filas({nombre: suyo.url for nombre, suyo in suyos.items()}, otros):
        for conexiones in CONEXIONES:
            lineas.append(_linea(fila, suyos[fila.servicio], otros[fila.referencia], conexiones))
            print(lineas[-1], flush=True)
    return "\n".join(lineas)


def _linea(fila: Fila, suyo: EnMarcha, otro: EnMarcha, conexiones: int) -> str:
    pares = [
        (_golpe(suyo, fila.suya, conexiones), _golpe(otro, fila.otra, conexiones)) for _ in range(RONDAS)
    ]
    razon = statistics.median(a.ritmo / max(b.ritmo, 1) for (a, _), (b, _) in pares)
    medio = _mediano([golpe for (golpe, _), _ in pares])
    de_cpu = " — | — |"
    if suyo.pid:
        gastada, la_otra = (statistics.median(cpu for _, cpu in lado) for lado in zip(*pares, strict=True))
        de_cpu = f" {gastada:.2f} | {la_otra / max(gastada, 0.001):.2f} |"
    return (
        f"| {fila.servicio} | {fila.suya.nombre} | {conexiones} | {medio.ritmo:.0f} | {medio.p50:.2f} "
        f"| {medio.p99:.2f} | {razon:.2f} |{de_cpu}"
    )


def _golpe(lado: EnMarcha, medida: Medida, conexiones: int) -> tuple[Golpe, float]:
    """Lo que dice wrk y los milisegundos de CPU que costó cada petición."""
    antes = lado.cpu() if lado.pid else 0.0
    golpe = golpear(lado.url, medida, conexiones, SEGUNDOS)
    gastada = lado.cpu() - antes if lado.pid else 0.0
    return golpe, 1000 * gastada / max(golpe.ritmo * SEGUNDOS, 1)


def _mediano(golpes: list[Golpe]) -> Golpe:
    return Golpe(
        *(statistics.median(columna) for columna in zip(*(vars(g).values() for g in golpes), strict=True))
    )


def lo_que_anade_el_gateway(canales: str, gateway: str) -> str:
    """Milisegundos de diferencia entre la mediana por el gateway y la directa, con una conexión."""
    directa, por_el_gateway = (Medida("", "GET", f"{prefijo}/clientes/1") for prefijo in ("", "/canales"))
    diferencias = []
    for _ in range(2 * RONDAS + 1):
        directo = golpear(canales, directa, 1, SEGUNDOS).p50
        diferencias.append(golpear(gateway, por_el_gateway, 1, SEGUNDOS).p50 - directo)
    texto = (
        f"El gateway añade {statistics.median(diferencias):.2f} ms de mediana a leer un cliente de canales."
    )
    print(texto, flush=True)
    return texto


def memoria(suyos: Mapping[str, EnMarcha], pila: Pila) -> str:
    """MB de cada proceso en reposo: PSS, que reparte cada página compartida entre quienes la usan."""
    lanzador = pila.lanzador
    assert lanzador is not None
    por_proceso = {nombre: suyo.memoria() for nombre, suyo in suyos.items()}
    total = EnMarcha("", lanzador.pid).memoria()
    listo = re.search(r"está lista en ([\d.]+)", pila.texto())
    lineas = ["| proceso | MB |", "| --- | ---: |", *(f"| {n} | {mb:.0f} |" for n, mb in por_proceso.items())]
    lineas.append(f"| todo, con el gestor y el lanzador | {total:.0f} |")
    texto = "\n".join(lineas) + f"\n\nLista en {listo[1] if listo else '?'} s, con datos nuevos."
    print(texto, flush=True)
    return texto


def escribir(titulo: str, texto: str) -> None:
    """Cambia en RESULTADOS.md la parte de ese título y deja las demás."""
    orden = "make carga" if titulo == "Todo en una máquina" else "make carga-pila"
    maquina = f"{os.cpu_count()} núcleos · Python {platform.python_version()}"
    donde = f"`{orden}` · {datetime.now(UTC):%Y-%m-%d} · {maquina}"
    detalle = f"Mediana de {RONDAS} rondas de {SEGUNDOS:g} s, intercaladas con la referencia."
    partes = re.split(r"(?m)^(?=## )", RESULTADOS.read_text("utf-8"))
    partes = [p for p in partes if not p.startswith(f"## {titulo}\n")]
    RESULTADOS.write_text(
        "".join(partes).rstrip() + f"\n\n## {titulo}\n\n{donde}. {detalle}\n\n{texto}\n", "utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
