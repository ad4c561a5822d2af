"""supervisord con lo pesado ya cargado: los servicios nacen de él por `fork` y comparten esa memoria.

Cada uno se lanza con `python -m módulo …`; en lugar de ejecutar otro Python, que volvería a importarlo todo, el hijo
que supervisord acaba de crear ejecuta el módulo él mismo. Ocho servicios ocupan así menos de la mitad, y arrancan en
un tercio del tiempo. Lo que no es un módulo de Python (Traefik) se ejecuta como siempre.
"""

from __future__ import annotations

import gc
import importlib
import os
import runpy
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import chdir

from hijo import morir_con_quien_lo_lanzo
from procesos import RAIZ, SERVICIOS, entorno_de
from supervision import CONFIGURACION_NO_VALIDA
from supervisor import supervisord
from supervisor.options import ServerOptions

_DE_SUPERVISORD = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGHUP,
    signal.SIGCHLD,
    signal.SIGUSR2,
)

RESPIRO = 0.02  # segundos entre dos vueltas de supervisord: lo escrito mientras tanto se recoge junto


class Opciones(ServerOptions):
    """Las de supervisord, salvo qué se hace en el hijo recién creado (sin más ficheros abiertos que 0, 1 y 2)."""

    def execve(self, fichero: str, argumentos: Sequence[str], entorno: dict[str, str]) -> None:
        morir_con_quien_lo_lanzo()
        if list(argumentos[:2]) != [sys.executable, "-m"]:
            os.execve(fichero, argumentos, entorno)  # noqa: S606 — sustituir este proceso es justo lo que se quiere
        for senal in _DE_SUPERVISORD:
            signal.signal(senal, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(entorno)
        # Salir deshaciendo la pila sería salir por el código de supervisord.
        os._exit(_ejecutar(*argumentos[2:]))


class Supervisor(supervisord.Supervisor):
    """El de supervisord, que lanza a los suyos al entrar en su bucle, y no una vuelta (un segundo) después."""

    def runforever(self) -> None:
        for grupo in self.process_groups.values():
            grupo.transition()
        super().runforever()

    def tick(self, now: float | None = None) -> None:
        super().tick(now)
        # Despertar por cada línea que escriben los servicios le quitaba a la máquina tanto como contestar.
        time.sleep(RESPIRO)


def _ejecutar(modulo: str, *argumentos: str) -> int:
    """Lo que haría `python -m`; devuelve el código de salida."""
    sys.path[0], sys.argv = os.getcwd(), [modulo, *argumentos]  # noqa: PTH109 — es una entrada de sys.path
    try:
        runpy.run_module(modulo, run_name="__main__", alter_sys=True)
    except SystemExit as salida:
        if isinstance(salida.code, str):
            print(salida.code, file=sys.stderr)
        return salida.code if isinstance(salida.code, int) else int(salida.code is not None)
    except BaseException:  # noqa: BLE001 — es el último que puede contarlo
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _exigir_configuraciones() -> None:
    """Si algún servicio no entiende la suya, se dice ahora y una vez: no cuando caiga, ni cada vez que caiga."""
    entorno, quejas = dict(os.environ), dict[str, list[str]]()
    for servicio in SERVICIOS:
        os.environ.update(entorno_de(servicio))
        try:
            with chdir(RAIZ / servicio.carpeta):
                sys.modules[f"{servicio.paquete}.arranque"].Ajustes.cargar()
        except SystemExit as queja:
            quejas.setdefault(str(queja), []).append(servicio.nombre)
        os.environ.clear()
        os.environ.update(entorno)
    for queja, nombres in quejas.items():
        print(f"  ✘ {', '.join(nombres)}: {queja}", file=sys.stderr)
    if quejas:
        sys.exit(CONFIGURACION_NO_VALIDA)


def main() -> None:
    gc.disable()
    # prometheus_client mira al importarse si habrá varios procesos; cada hijo tiene después su propia carpeta.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = ""
    importlib.import_module("chasis.precarga")
    for servicio in SERVICIOS:
        importlib.import_module(f"{servicio.paquete}.arranque")
    _exigir_configuraciones()
    gc.freeze()
    gc.enable()
    supervisord.ServerOptions = Opciones
    supervisord.Supervisor = Supervisor
    supervisord.main()


if __name__ == "__main__":
    main()
