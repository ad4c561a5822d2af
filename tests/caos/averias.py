"""Las averías: cómo se provoca cada una, cuánto dura y cómo se arregla."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from tests.caos.montaje import Montaje
from tests.caos.proxy import Averia as DeCable
from tests.pila import PROCESOS, esperar

CON_HIJOS = ("almacen", "clientes", "canales", "partners", "leads")
CON_TRABAJADOR = ("almacen", "clientes", "canales", "partners", "leads", "espacio")
HORA = 3600
_DE_CABLE: dict[DeCable, str] = {
    "cortar": "conexiones cortadas a media respuesta",
    "rechazar": "conexiones rotas nada más abrirse",
    "tardar": "respuestas que tardan",
    "callar": "conexiones abiertas que no contestan",
}


@dataclass(frozen=True)
class Averia:
    nombre: str
    provocar: Callable[[], object]
    arreglar: Callable[[], object] = lambda: None
    segundos: float = 0.0


def todas(montaje: Montaje, azar: random.Random) -> list[Averia]:
    """Todas las que se pueden provocar aquí."""
    return [
        *_de_procesos(montaje, azar),
        *_de_cables(montaje, azar),
        *([] if montaje.disco.motivo else _de_disco(montaje, azar)),
        *([] if montaje.reloj.motivo else _de_hora(montaje, azar)),
        *_de_servidores(montaje, azar),
        Averia("apagón: todo muere a la vez y se vuelve a encender", montaje.apagon),
    ]


def imposibles(montaje: Montaje) -> dict[str, str]:
    """Las que no, y por qué."""
    motivos = {"disco lleno": montaje.disco.motivo, "cambios de hora": montaje.reloj.motivo}
    if not montaje.real:
        motivos["PostgreSQL, MySQL y Pulsar reiniciados"] = "no se pidieron (PILA=real)"
    return {que: motivo for que, motivo in motivos.items() if motivo}


def _de_procesos(montaje: Montaje, azar: random.Random) -> Iterator[Averia]:
    trabajadores = [f"{servicio}-trabajador" for servicio in CON_TRABAJADOR] if montaje.real else []
    for proceso in (*PROCESOS, *trabajadores):
        yield Averia(
            f"{proceso}: SIGKILL a todos sus procesos", partial(_senal, montaje, proceso, signal.SIGKILL)
        )
        yield Averia(
            f"{proceso}: detenido (SIGSTOP)",
            partial(_senal, montaje, proceso, signal.SIGSTOP),
            partial(_senal, montaje, proceso, signal.SIGCONT),
            azar.uniform(2, 6),
        )
    for proceso in CON_HIJOS:
        uno = partial(_senal, montaje, proceso, signal.SIGKILL, solo_un_hijo=True)
        yield Averia(f"{proceso}: SIGKILL a uno de sus procesos", uno)


def _de_cables(montaje: Montaje, azar: random.Random) -> Iterator[Averia]:
    for nombre, cable in montaje.cables.items():
        for averia, texto in _DE_CABLE.items():
            yield Averia(
                f"{nombre}: {texto}",
                partial(setattr, cable, "averia", averia),
                partial(setattr, cable, "averia", "ninguna"),
                azar.uniform(2, 6),
            )


def _de_disco(montaje: Montaje, azar: random.Random) -> Iterator[Averia]:
    yield Averia("disco lleno", montaje.disco.llenar, montaje.disco.vaciar, azar.uniform(4, 8))

    def caer() -> None:
        montaje.disco.llenar()
        _senal(montaje, azar.choice(CON_HIJOS), signal.SIGKILL)

    yield Averia(
        "disco lleno y, a la vez, SIGKILL a un servicio", caer, montaje.disco.vaciar, azar.uniform(3, 6)
    )


def _de_hora(montaje: Montaje, azar: random.Random) -> Iterator[Averia]:
    en_hora = partial(montaje.reloj.mover, 0)
    for horas in (3, -2):
        salto = partial(montaje.reloj.mover, horas * HORA)
        yield Averia(f"la hora salta {horas:+d} h y vuelve", salto, en_hora, azar.uniform(4, 8))

    def atrasar() -> None:
        """Lo que se apuntó con la hora adelantada vence en el futuro, y quien lo apuntó ya no está."""
        montaje.reloj.mover(3 * HORA)
        time.sleep(3)  # lo bastante para que todos apunten algo
        for servicio in CON_TRABAJADOR:
            _senal(montaje, servicio, signal.SIGKILL)
        montaje.reloj.mover(0)

    yield Averia("adelantados 3 h, mueren todos y vuelven con la hora buena", atrasar)


def _de_servidores(montaje: Montaje, azar: random.Random) -> Iterator[Averia]:
    for nombre in montaje.servidores:
        yield Averia(
            f"{nombre}: docker restart", partial(montaje.reiniciar, nombre, "restart", "--time", "5")
        )
        yield Averia(f"{nombre}: docker kill y start", partial(montaje.reiniciar, nombre, "kill"))
        yield Averia(
            f"{nombre}: congelado (docker pause)",
            partial(_docker, "pause", montaje.servidores[nombre]),
            partial(_docker, "unpause", montaje.servidores[nombre]),
            azar.uniform(3, 8),
        )


def _docker(*orden: str) -> None:
    subprocess.run(["docker", *orden], check=True, capture_output=True)


def _senal(montaje: Montaje, proceso: str, senal: signal.Signals, *, solo_un_hijo: bool = False) -> None:
    """A todos los procesos de un servicio; espera a que los tenga si acaba de morir y aún no ha vuelto."""
    vivos: list[int] = []

    def hay() -> bool:
        with suppress(subprocess.CalledProcessError, ValueError):
            vivos[:] = montaje.pila.pids(proceso)
        return len(vivos) > int(solo_un_hijo) and vivos[0] > 0

    esperar(hay, 60)
    for pid in vivos[1:2] if solo_un_hijo else vivos:
        with suppress(ProcessLookupError):
            os.kill(pid, senal)
