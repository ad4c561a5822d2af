"""`python tests/carga/hojas.py`: importar y exportar 100 000 leads, frente a pandas + openpyxl y al proceso parado.

La referencia necesita dos bibliotecas que el servicio no usa; se instalan aparte, sin tocar lo que fija
requirements.lock: `.venv/bin/uv pip install --python .venv/bin/python pandas openpyxl`.
"""

from __future__ import annotations

import argparse
import math
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

RAIZ = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RAIZ))

from tests.libro_de_leads import escribir_xlsx, persona  # noqa: E402
from tests.pila import hijos  # noqa: E402

COLUMNAS = ("delegacion", "poliza", "certificado", "orden", "nombre", "apellidos", "nif", "sexo", "segmento")


def main() -> int:
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("paso", nargs="?", default="todo", choices=("todo", "sembrar", *PASOS))
    opciones.add_argument("--datos", type=Path)
    opciones.add_argument("libro", nargs="?", type=Path)
    opciones.add_argument("--filas", type=int, default=100_000)
    pedido = opciones.parse_args()
    if pedido.paso == "sembrar":
        _importar(_servicio(pedido.datos), pedido.libro)
        return 0
    if pedido.paso != "todo":
        PASOS[pedido.paso](pedido.libro)
        return 0
    with tempfile.TemporaryDirectory() as temporal:
        libro = Path(temporal) / "leads.xlsx"
        escribir_xlsx(libro, (persona(n) for n in range(pedido.filas)))
        print(f"{pedido.filas} filas por 30 columnas, {libro.stat().st_size / 1e6:.1f} MB\n", flush=True)
        nuestra, memoria = medir("nuestra", libro)
        print(
            f"importar: {nuestra:.1f} s, memoria máxima {memoria:.0f} MB (con el proceso que lee)", flush=True
        )
        reposo, maxima = medir("exportar", libro)
        print(f"exportar: {maxima - reposo:.0f} MB sobre el proceso en reposo ({reposo:.0f} MB)", flush=True)
        suya, su_memoria = medir("referencia", libro)
        print(f"pandas + openpyxl, fila a fila: {suya:.1f} s, memoria máxima {su_memoria:.0f} MB")
        print(f"razón: {suya / nuestra:.1f} veces")
    return 0


def medir(paso: str, libro: Path) -> tuple[float, float]:
    """Ejecuta un paso en un proceso limpio; da los dos números que escribe al acabar."""
    orden = [sys.executable, __file__, paso, str(libro)]
    salida = subprocess.run(orden, cwd=RAIZ, capture_output=True, text=True, check=False)
    if salida.returncode:
        raise SystemExit(salida.stderr)
    numeros = salida.stdout.split()[-2:]
    return float(numeros[0]), float(numeros[1])


class Memoria:
    """La mayor memoria (PSS, en MB) de este proceso y sus hijos mientras dura el bloque."""

    def __enter__(self) -> Self:
        self.maxima, self._fin = _pss(), threading.Event()
        self._hilo = threading.Thread(target=self._vigilar, daemon=True)
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        self._hilo.join()

    def _vigilar(self) -> None:
        while not self._fin.wait(0.02):
            self.maxima = max(self.maxima, _pss())


def _pss() -> float:
    propio = int(Path("/proc/self/stat").read_text().split()[0])
    total = 0
    for pid in (propio, *hijos(propio)):
        try:
            total += int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1])  # type: ignore[index]
        except (OSError, TypeError):
            continue  # acaba de terminar
    return total / 1024


def _servicio(carpeta: Path):  # type: ignore[no-untyped-def]
    from tuotempo_leads.arranque import crear_app
    from tuotempo_leads.config import Ajustes

    return crear_app(Ajustes(_env_file=None, directorio_datos=carpeta, nivel_registros="WARNING"))


def _importar(app, libro: Path) -> float:  # type: ignore[no-untyped-def]
    web = app.test_client()
    inicio = time.perf_counter()
    with libro.open("rb") as fichero:
        destino = web.post("/admin/importaciones", data={"archivo": (fichero, libro.name)}).headers[
            "Location"
        ]
    app.extensions["importaciones"].una()
    segundos = time.perf_counter() - inicio
    informe = web.get(destino).json
    if informe["estado"] != "terminada" or informe["erroneas"]:
        raise SystemExit(str(informe))
    return segundos


def nuestra(libro: Path) -> None:
    with tempfile.TemporaryDirectory() as temporal:
        app = _servicio(Path(temporal))
        with Memoria() as memoria:
            segundos = _importar(app, libro)
        print(segundos, memoria.maxima)


def exportar(libro: Path) -> None:
    """Memoria en reposo y máxima al exportar a xlsx, en un proceso que no ha importado nada."""
    with tempfile.TemporaryDirectory() as temporal:
        subprocess.run([sys.executable, __file__, "sembrar", str(libro), "--datos", temporal], check=True)
        web = _servicio(Path(temporal)).test_client()
        web.get("/admin/exportacion?q=nadie").close()
        reposo = _pss()
        with Memoria() as memoria:
            respuesta = web.get("/admin/exportacion", buffered=False)
            for _ in respuesta.response:
                pass
            respuesta.close()
        print(reposo, memoria.maxima)


def referencia(libro: Path) -> None:
    """Lo que hacía el cargador original: un DataFrame de openpyxl y un INSERT por fila, en una transacción."""
    import pandas as pd
    import sqlalchemy as sa

    from tuotempo_leads.infraestructura.tablas import leads

    destino = {
        "TELEFONO1": "telefono",
        "TELEFONO2": "telefono2",
        "areaId": "area_id",
        **{c.upper(): c for c in (*COLUMNAS, "nombre_clinica", "direccion_clinica", "codigo_postal")},
        "FECHA_NACIMIENTO": "fecha_nacimiento",
        "match_source": "match_source",
        "match_confidence": "match_confidence",
    }
    with tempfile.TemporaryDirectory() as temporal:
        motor = _servicio(Path(temporal)).extensions["bd"]
        with Memoria() as memoria:
            inicio = time.perf_counter()
            hoja = pd.read_excel(libro, engine="openpyxl")
            with motor.escritura() as conexion:
                for _, fila in hoja.iterrows():
                    valores = {destino[t]: _limpio(destino[t], fila[t]) for t in hoja.columns if t in destino}
                    ahora = pd.Timestamp.now().to_pydatetime()
                    conexion.execute(
                        sa.insert(leads).values(
                            **valores, telefono_norm=valores["telefono"], created_at=ahora, updated_at=ahora
                        )
                    )
            segundos = time.perf_counter() - inicio
        print(segundos, memoria.maxima)


def _limpio(columna: str, valor: object) -> object:
    from datetime import datetime

    if valor is None or (isinstance(valor, float) and math.isnan(valor)):
        return None
    if columna == "fecha_nacimiento":
        return datetime.strptime(str(int(valor)), "%Y%m%d").date()  # type: ignore[call-overload]
    if columna in ("orden", "match_confidence"):
        return int(valor)  # type: ignore[call-overload]
    return str(int(valor)) if isinstance(valor, float) else str(valor)


PASOS: dict[str, Callable[[Path], None]] = {
    "nuestra": nuestra,
    "exportar": exportar,
    "referencia": referencia,
}

if __name__ == "__main__":
    sys.exit(main())
