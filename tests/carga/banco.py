"""Lo que se mide de cada servicio, lo que hay que crear antes y con qué referencia desnuda se compara."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from espacio import CARRITO, DEUDAS, en_marcha as uvicorn_en_marcha
from golpe import Medida
from leads import sembrar as sembrar_leads
from medir import MEDIDAS, EnMarcha, referencia, sembrar

CLAVE = "clave-de-ejemplo"
ALTA = Medida(
    "", "POST", "/clientes", '{"nombre": "carga0", "contacto": "a@ejemplo.com", "servicio": "Fibra"}'
)
PARTNER = '{"nombre": "Socio UNICO", "email": "UNICO@ejemplo.com"}'
LLAMADA = '{"telefono": "600123456", "codigoVolverLlamar": "buzon"}'


@dataclass(frozen=True)
class Fila:
    """Una petición, la misma contra el servicio y contra su referencia, cada una con lo que allí se sembró."""

    servicio: str
    suya: Medida
    otra: Medida
    referencia: str

    @property
    def es_lectura(self) -> bool:
        return self.suya.metodo == "GET"


@contextmanager
def referencias(datos: Path) -> Iterator[dict[str, EnMarcha]]:
    """Cada servicio desnudo, con la base ya creada."""
    modulos = {"comun": "referencia", "partners": "referencia_partners", "leads": "referencia_leads"}
    os.environ["CON_EVENTOS"] = "1"  # en marcha todos, cada escritura de almacén y de leads avisa a otros
    with ExitStack() as pila:
        otras = {n: pila.enter_context(referencia(datos / n, modulo)) for n, modulo in modulos.items()}
        sembrar_leads(datos / "leads/referencia.sqlite", 600_123_457 - 600_123_000, desde=600_123_000)
        os.environ["ALMACEN_DE_REFERENCIA"] = otras["comun"].url
        otras["clientes"] = pila.enter_context(referencia(datos / "clientes", "referencia_clientes"))
        desnudo = [sys.executable, "-m", "uvicorn", "referencia_espacio:app", "--log-level", "error"]
        otras["espacio"] = pila.enter_context(uvicorn_en_marcha(datos / "espacio", desnudo, con_puerto=True))
        yield otras


def filas(urls: Mapping[str, str], desnudas: Mapping[str, EnMarcha]) -> Iterator[Fila]:
    """Siembra en los dos lados y da lo que hay que medir."""
    otras = {nombre: desnuda.url for nombre, desnuda in desnudas.items()}
    for servicio, suyas in (("canales", "canales"), ("almacen", "storage")):
        for url in (urls[servicio], otras["comun"]):
            sembrar(url, suyas)
        for medida in MEDIDAS[suyas]:
            yield Fila(servicio, medida, medida, "comun")
    yield from _de_clientes(urls, otras)
    yield from _de_partners(urls, otras)
    requests.get(f"{urls['leads']}/admin/load-excel", timeout=60).raise_for_status()
    llamada = Medida("anotar una llamada", "POST", "/api/actualizar_resultado", LLAMADA)
    yield Fila("leads", llamada, llamada, "leads")
    yield from _de_espacio(urls, otras)


def _de_clientes(urls: Mapping[str, str], otras: Mapping[str, str]) -> Iterator[Fila]:
    for url in (urls["clientes"], otras["clientes"]):
        cabeceras = {"Content-Type": "application/json"}
        respuesta = requests.post(url + ALTA.ruta, data=ALTA.cuerpo, headers=cabeceras, timeout=10)
        if respuesta.status_code != 409:  # ya estaba de otra vez
            respuesta.raise_for_status()
    leer = Medida("consultar un cliente", "GET", "/clientes/carga0")
    crear = Medida("crear un cliente", "POST", "/clientes", ALTA.cuerpo.replace("carga0", "carga UNICO"))
    yield Fila("clientes", leer, leer, "clientes")
    yield Fila("clientes", crear, crear, "clientes")


def _de_partners(urls: Mapping[str, str], otras: Mapping[str, str]) -> Iterator[Fila]:
    ids = [sembrar(url, "partners") for url in (urls["partners"], otras["partners"])]
    leer = Medida("leer un partner", "GET", "/api/v1/partners/{id}")
    listar = Medida("listar 50 partners", "GET", "/api/v1/partners?page=1&per_page=50")
    crear = Medida("crear un partner", "POST", "/api/v1/partners", PARTNER)
    for medida in (leer, listar, crear):
        yield Fila("partners", medida.con(ids[0]), medida.con(ids[1]), "partners")


def _de_espacio(urls: Mapping[str, str], otras: Mapping[str, str]) -> Iterator[Fila]:
    datos = {"username": "cliente", "password": CLAVE}
    respuesta = requests.post(f"{urls['espacio']}/token", data=datos, timeout=10)
    respuesta.raise_for_status()
    llave = f"Bearer {respuesta.json()['access_token']}"
    sesiones = [
        requests.get(url + DEUDAS, headers={"Authorization": llave}, timeout=10).json()["idsession"]
        for url in (urls["espacio"], otras["espacio"])
    ]
    consulta = Medida("consultar deudas", "GET", DEUDAS, llave=llave)
    yield Fila("espacio", consulta, consulta, "espacio")
    suyo, otro = (
        Medida("carrito", "POST", CARRITO.format(sesion=s) + "TURNO", llave=llave) for s in sesiones
    )
    yield Fila("espacio", suyo, otro, "espacio")


def sembrar_usuarios(entorno: Mapping[str, str]) -> None:
    """Usuarios y deudas no entran por ninguna API: los pone el propio servicio en su base."""
    orden = [sys.executable, "-m", "espacio_clientes.semillas"]
    completo = {**entorno, "ESPACIO_DEMO_PASSWORD_CLIENTE": CLAVE}
    subprocess.run(orden, env=completo, stdout=subprocess.DEVNULL, check=True)
