"""Los procesos de una prueba de averías y la comprobación de que nada se perdió, se repitió ni se desordenó."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from string import ascii_lowercase

import sqlalchemy as sa

from chasis.config import AjustesBase
from chasis.eventos import Eventos
from chasis.eventos.outbox import estado
from tests.eventos import piezas
from tests.pila import esperar, puertos_libres

MUERTES = 8  # por lo menos


class Montaje:
    """Emisor, relay y consumidor como procesos aparte, sobre las bases y el transporte dados."""

    def __init__(self, carpeta: Path, emisor: str, receptor: str, **entorno: str) -> None:
        self.carpeta, self.urls = carpeta, {"emisor": emisor, "receptor": receptor}
        self.bases = {nombre: piezas.preparar(url) for nombre, url in self.urls.items()}
        (self.puerto,) = puertos_libres(1)
        os.environ["TEMA"] = "cuentas-" + "".join(random.choices(ascii_lowercase, k=10))
        destino = f"{piezas.tema()}=receptor" + ("" if entorno else f"@http://127.0.0.1:{self.puerto}")
        comun = {"EVENTOS_DESTINOS": destino, "EVENTOS_CLAVE": "clave-de-prueba", "PORT": str(self.puerto)}
        self.entorno = {**os.environ, **comun, **entorno}
        self.vivos: list[subprocess.Popen[bytes]] = []

    def lanzar(self, papel: str, *argumentos: str, **entorno: str) -> subprocess.Popen[bytes]:
        base = self.urls["receptor" if papel == "aplicar" else "emisor"]
        with (self.carpeta / f"{papel}.log").open("ab") as registro:
            proceso = subprocess.Popen(
                [sys.executable, piezas.__file__, papel, *argumentos],
                env={**self.entorno, "BASE": base, **entorno},
                stdout=registro,
                stderr=registro,
            )
        self.vivos.append(proceso)
        return proceso

    def conectar_emisor(self) -> Eventos:
        """Deja que esta misma prueba escriba en la base del emisor, como lo haría su proceso web."""
        entorno = self.entorno
        ajustes = AjustesBase(
            _env_file=None,
            destinos_de_eventos=entorno["EVENTOS_DESTINOS"],
            transporte_de_eventos=entorno.get("EVENTOS_TRANSPORTE", "http"),
            clave_de_eventos=entorno["EVENTOS_CLAVE"],
        )
        return Eventos(self.bases["emisor"], ajustes, "emisor")

    def matar_de_vez_en_cuando(self, papeles: dict[str, tuple[str, ...]], hasta: int) -> int:
        """Mata con SIGKILL, al azar, y vuelve a lanzar, hasta que haya `hasta` sumas; devuelve las muertes."""
        procesos = {papel: self.lanzar(papel, *argumentos) for papel, argumentos in papeles.items()}
        muertes = 0
        while self.sumadas() < hasta or muertes < MUERTES:
            time.sleep(random.uniform(0.5, 2.5))
            papel = random.choice(list(papeles))
            procesos[papel].send_signal(signal.SIGKILL)
            procesos[papel].wait()
            muertes += 1
            procesos[papel] = self.lanzar(papel, *papeles[papel])
        procesos["emitir"].send_signal(signal.SIGKILL)
        procesos["emitir"].wait()
        return muertes

    def sumadas(self) -> int:
        return self._una("emisor", sa.select(sa.func.sum(piezas.cuentas.c.suma)))

    def aplicadas(self) -> int:
        return self._una("receptor", sa.select(sa.func.count()).select_from(piezas.aplicadas))

    def pendientes(self) -> int:
        return int(estado(self.bases["emisor"])["pendientes"])

    def comprobar_que_todo_llego(self, segundos: float = 60) -> None:
        """Todo lo confirmado está aplicado una vez, y cada cuenta en su orden."""
        esperar(lambda: self.pendientes() == 0 and self.aplicadas() >= self.sumadas(), segundos)
        with self.bases["emisor"].lectura() as conexion:
            sumas = {fila.clave: fila.suma for fila in conexion.execute(sa.select(piezas.cuentas))}
        with self.bases["receptor"].lectura() as conexion:
            orden = conexion.execute(sa.select(piezas.aplicadas).order_by(piezas.aplicadas.c.orden)).all()
        for clave, suma in sumas.items():
            assert [fila.suma for fila in orden if fila.clave == clave] == list(range(1, suma + 1)), clave

    def detener(self) -> None:
        for proceso in self.vivos:
            if proceso.poll() is None:
                proceso.kill()
                proceso.wait()
        for base in self.bases.values():
            base.cerrar()
        del os.environ["TEMA"]

    def _una(self, base: str, consulta: sa.Select[tuple[int]]) -> int:
        with self.bases[base].lectura() as conexion:
            return int(conexion.execute(consulta).scalar_one() or 0)
