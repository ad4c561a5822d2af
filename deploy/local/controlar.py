"""`make stop`, `make status` y `make logs`: hablan con la Centralita que `make run` dejó en marcha."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from procesos import TODOS, carpeta_de_datos, carpeta_de_ejecucion, carpeta_de_registros
from vivo import pid_del_supervisor, vive

ESTADOS = {
    "RUNNING": "en marcha",
    "STARTING": "arrancando",
    "BACKOFF": "cae; se reintenta",
    "FATAL": "no arranca",
    "EXITED": "ha terminado",
    "STOPPING": "parando",
    "STOPPED": "parado",
}


def main() -> int:
    accion, *resto = sys.argv[1:]
    return {"parar": parar, "estado": estado, "registros": registros}[accion](*resto)


def parar() -> int:
    """Detiene todo y espera a que no quede nada."""
    pid = pid_del_supervisor(carpeta_de_datos())
    if pid is None:
        print("Centralita no está en marcha.")
        return 0
    os.kill(pid, signal.SIGTERM)
    for _ in range(120):
        if not vive(pid):
            print("Centralita se ha detenido. Los datos siguen en datos/.")
            return 0
        time.sleep(0.1)
    print(f"El proceso {pid} sigue en marcha; mira {carpeta_de_registros() / 'supervisord.log'}.")
    return 1


def estado() -> int:
    """Una línea por proceso: cómo está, dónde escucha, su pid y desde hace cuánto. Sale con 0 si están todos."""
    if pid_del_supervisor(carpeta_de_datos()) is None:
        print("Centralita no está en marcha. Arráncala con `make run`.")
        return 1
    configuracion = carpeta_de_ejecucion() / "supervisord.conf"
    orden = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuracion), "status"]
    salida = subprocess.run(orden, check=False, capture_output=True, text=True)
    direcciones = {f"centralita:{proceso.nombre}": proceso.url for proceso in TODOS}
    for linea in salida.stdout.splitlines():
        quien, como, *detalle = linea.split(maxsplit=2)
        resto = "".join(detalle).replace("uptime", "desde hace")
        nombre = quien.removeprefix("centralita:")
        print(f"{nombre:<12}{ESTADOS.get(como, como):<22}{direcciones.get(quien, ''):<25}{resto}")
    return salida.returncode


def registros(servicio: str = "") -> int:
    """Sigue el registro de un servicio, o el de todos."""
    nombres = [proceso.nombre for proceso in TODOS]
    if servicio and servicio not in nombres:
        print(f"No hay ningún servicio «{servicio}». Los que hay: {', '.join(nombres)}.")
        return 1
    elegidos = [servicio] if servicio else nombres
    ficheros = [str(carpeta_de_registros() / f"{nombre}.log") for nombre in elegidos]
    try:
        return subprocess.run(["tail", "-n", "50", "-F", *ficheros], check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
