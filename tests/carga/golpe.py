"""Lanza wrk contra una dirección y lee lo que midió."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace

# `NUMERO` va de 0 a 999 y `UNICO` no se repite nunca: así no compiten todas las peticiones por el mismo nombre.
_GUION = """
local numero, marca = 0, tostring({{}}):sub(8) .. "-" .. os.time() .. "-"
request = function()
  numero = numero + 1
  local cuerpo = string.gsub([[{cuerpo}]], "NUMERO", tostring(numero % 1000))
  cuerpo = string.gsub(cuerpo, "UNICO", marca .. numero)
  local ruta = string.gsub("{ruta}", "TURNO", numero % 2 == 1 and "S" or "N")
  local cabeceras = {{["Content-Type"] = "application/json", ["Authorization"] = "{llave}"}}
  return wrk.format("{metodo}", ruta, cabeceras, cuerpo)
end
"""
_EN_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Medida:
    """Una petición que se repite; en la ruta, `TURNO` es S y N por turnos, y `{id}` lo pone quien siembra."""

    nombre: str
    metodo: str
    ruta: str
    cuerpo: str = ""
    llave: str = ""

    def con(self, identificador: str) -> Medida:
        return replace(self, ruta=self.ruta.replace("{id}", identificador))


@dataclass(frozen=True)
class Golpe:
    """Peticiones por segundo y milisegundos."""

    ritmo: float
    p50: float
    p99: float


def golpear(url: str, medida: Medida, conexiones: int, segundos: float) -> Golpe:
    if not shutil.which("wrk"):
        raise SystemExit("Hace falta wrk (apt install wrk, brew install wrk).")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as guion:
        guion.write(_GUION.format(**vars(medida)))
        guion.flush()
        orden = ["wrk", "--latency", "-t1", f"-c{conexiones}", f"-d{segundos:g}", "-s", guion.name, url]
        salida = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in salida:
        raise SystemExit(f"{medida.metodo} {url}{medida.ruta} contestó errores:\n{salida}")
    return Golpe(float(_leer(r"Requests/sec:\s+([\d.]+)", salida)[0]), *(_ms(p, salida) for p in (50, 99)))


def _ms(percentil: int, salida: str) -> float:
    valor, unidad = _leer(rf"{percentil}%\s+([\d.]+)(us|ms|s)", salida)
    return float(valor) * _EN_MS[unidad]


def _leer(patron: str, salida: str) -> tuple[str, ...]:
    hallado = re.search(patron, salida)
    if not hallado:
        raise SystemExit(f"wrk no dijo lo que se esperaba:\n{salida}")
    return hallado.groups()
