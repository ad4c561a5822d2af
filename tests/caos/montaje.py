"""Centralita entera montada para romperla: disco pequeño, hora que se mueve, cables que se cortan y, si se piden,
PostgreSQL, MySQL y Pulsar de verdad en contenedores."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from tests import contenedores
from tests.caos import bases, siembra
from tests.caos.disco import Disco
from tests.caos.proxy import Proxy
from tests.caos.reloj import Reloj
from tests.pila import PUERTOS, RAIZ, Pila, hijos

_TRABAJADORES = ("STORAGE", "CUSTOMER", "CANALES", "PARTNERS", "LEADS", "ESPACIO")


class Montaje:
    """`cables` son los proxies por los que pasa cada comunicación; `servidores`, los contenedores, por su nombre."""

    def __init__(self, carpeta: Path, azar: random.Random, *, real: bool) -> None:
        self._azar, self.real = azar, real
        self._todo = ExitStack()
        self.disco, self.reloj = Disco(carpeta / "disco"), Reloj(carpeta)
        self.pila = Pila(self.disco.carpeta / "datos", **self.reloj.entorno)
        self.pila.salida = carpeta / "arranque.log"
        puertos = _puertos_estables(len(PUERTOS) + len(_TRABAJADORES))
        self._de_trabajadores = puertos[len(PUERTOS) :]
        self.pila.puertos = dict(zip(PUERTOS, puertos, strict=False))
        self.pila.entorno |= {PUERTOS[nombre]: str(puerto) for nombre, puerto in self.pila.puertos.items()}
        self.cables: dict[str, Proxy] = {}
        self.servidores: dict[str, str] = {}
        self.urls: dict[str, str] = {}

    @property
    def gateway(self) -> str:
        return self.pila.url("gateway")

    @property
    def documentos(self) -> Path:
        return self.pila.datos / "clientes"

    def __enter__(self) -> Self:
        try:
            self._todo.enter_context(self.disco)
            self._tender_cables()
            otras = self._servidores_de_verdad() if self.real else {}
            self.urls = bases.urls(self.pila.datos, otras)
            self._todo.callback(self.pila.detener)
            self.pila.arrancar()
            siembra.sembrar(self.urls, self.pila.entorno, self._azar)
            for url in self.urls.values():
                bases.poner_testigo(url)
        except BaseException:
            self._todo.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._todo.close()

    def apagon(self) -> None:
        """Se va la luz: todo muere a la vez, supervisor incluido, y se vuelve a encender."""
        orden = self.pila.lanzador
        assert orden is not None
        vivos = [orden.pid, *hijos(orden.pid)]
        for pid in vivos:
            _matar(pid)
        orden.wait()
        self.pila.arrancar()

    def reiniciar(self, servidor: str, *orden: str) -> None:
        """`docker` con esa orden y, si lo dejó parado, arrancarlo. Docker puede darle otro puerto al volver."""
        contenedor = self.servidores[servidor]
        subprocess.run(["docker", *orden, contenedor], check=True, capture_output=True)
        subprocess.run(["docker", "start", contenedor], check=True, capture_output=True)
        for servicio, url in self.urls.items():
            partes = sa.make_url(url)
            if partes.get_backend_name() == servidor:
                puerto = _puerto_de(contenedor)
                self.urls[servicio] = partes.set(port=puerto).render_as_string(hide_password=False)
                self.cables[f"{servicio}-{servidor}"].destino = puerto

    def _tender_cables(self) -> None:
        self._cable("clientes-almacen", self.pila.puertos["almacen"])
        self._cable("leads-tuotempo", self.pila.puertos["simulado"])
        entorno = {
            "STORAGE_SERVICE_URL": self.cables["clientes-almacen"].url,
            "TUOTEMPO_BASE_URL": self.cables["leads-tuotempo"].url,
        }
        self.pila.entorno |= entorno if self.real else {**entorno, "EVENTOS_DESTINOS": self._destinos()}

    def _destinos(self) -> str:
        """Sin broker, los eventos viajan de un servicio a otro: por estos dos cables."""
        for suscriptor in ("canales", "clientes"):
            self._cable(f"eventos-{suscriptor}", self.pila.puertos[suscriptor])
        tabla = json.loads((RAIZ / "contracts/suscripciones.json").read_text("utf-8"))
        por_cable = {n: self.cables[f"eventos-{n}"].url for n in ("canales", "clientes")}
        directas = {"partners": self.pila.url("partners")}
        destinos = ((t, s, (por_cable | directas)[s]) for t, quienes in tabla.items() for s in quienes)
        return ",".join(f"{t}={s}@{url}" for t, s, url in destinos)

    def _cable(self, nombre: str, puerto: int) -> Proxy:
        self.cables[nombre] = self._todo.enter_context(Proxy(puerto))
        return self.cables[nombre]

    def _servidores_de_verdad(self) -> dict[str, str]:
        """Partners sobre PostgreSQL, leads sobre MySQL y los eventos por Pulsar; da las URL de las dos bases."""
        postgres = self._todo.enter_context(contenedores.postgres())
        administrador = self._todo.enter_context(contenedores.mysql(duradera=True))
        mysql = contenedores.base_nueva(administrador, "leads")
        broker, self.servidores["pulsar"] = self._todo.enter_context(contenedores.pulsar())
        directas = {"partners": postgres, "leads": mysql}
        por_cable = {}
        for servicio, url in directas.items():
            partes = sa.make_url(url)
            self.servidores[partes.get_backend_name()] = _contenedor_de(partes.port or 0)
            cable = self._cable(f"{servicio}-{partes.get_backend_name()}", partes.port or 0)
            por_cable[servicio] = partes.set(host="127.0.0.1", port=cable.puerto).render_as_string(
                hide_password=False
            )
        self.pila.entorno |= {
            "SQLALCHEMY_DATABASE_URI": por_cable["partners"],
            "LEADS_DATABASE_URL": por_cable["leads"],
            "EVENTOS_TRANSPORTE": "pulsar",
            "PULSAR_URL": broker,
            "PLAZO_DE_ARRANQUE": "120",
            **{
                f"{n}_TRABAJADOR_PORT": str(p)
                for n, p in zip(_TRABAJADORES, self._de_trabajadores, strict=True)
            },
        }
        return directas


def _puertos_estables(cuantos: int) -> list[int]:
    """Libres y fuera de los que el sistema da a las conexiones salientes: nadie los toma mientras su dueño vuelve."""
    hallados: list[int] = []
    for puerto in random.SystemRandom().sample(range(20_000, 32_000), 1000):
        with suppress(OSError), socket.create_server(("127.0.0.1", puerto)):
            hallados.append(puerto)
        if len(hallados) == cuantos:
            break
    return hallados


def _contenedor_de(puerto: int) -> str:
    orden = ["docker", "ps", "--quiet", "--filter", f"publish={puerto}"]
    return subprocess.run(orden, check=True, capture_output=True, text=True).stdout.strip()


def _puerto_de(contenedor: str) -> int:
    orden = ["docker", "port", contenedor]
    salida = subprocess.run(orden, check=True, capture_output=True, text=True).stdout
    return int(salida.split()[2].rsplit(":", 1)[1])


def _matar(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
