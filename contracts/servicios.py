"""Los servicios cuyos contratos se publican. Añadir uno es añadir una fila a `SERVICIOS`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from chasis.eventos import Manejador


@dataclass(frozen=True)
class Servicio:
    """`nombre` es el de su `source` y el de sus suscripciones; de `paquete` salen sus ajustes y su aplicación.

    `eventos` es el módulo con `PUBLICA` y `EJEMPLOS`. `consumidores`, el módulo con `MANEJADORES`, o una función
    que los da si dependen de algún objeto. `clave` es el campo que hace de clave del agregado (si un suceso no lo
    tiene, el primero). `entorno`, las variables sin las que no arranca solo con SQLite; `{datos}` es su carpeta.
    """

    nombre: str
    paquete: str
    eventos: str = ""
    consumidores: str | Callable[[], Sequence[Manejador]] = ""
    clave: str = ""
    entorno: Mapping[str, str] = field(default_factory=dict)

    @property
    def publica(self) -> dict[str, tuple[type, ...]]:
        """Clases que publica, por tema."""
        return import_module(self.eventos).PUBLICA if self.eventos else {}

    @property
    def ejemplos(self) -> dict[type, Any]:
        return {type(e): e for e in import_module(self.eventos).EJEMPLOS} if self.eventos else {}

    @property
    def consume(self) -> tuple[Manejador, ...]:
        if callable(self.consumidores):
            return tuple(self.consumidores())
        return tuple(import_module(self.consumidores).MANEJADORES) if self.consumidores else ()

    def clave_de(self, suceso: Any) -> str:
        valores = vars(suceso)
        return str(valores.get(self.clave) or next(iter(valores.values())))

    @contextmanager
    def en_marcha(self, **ajustes: str) -> Iterator[Any]:
        """Su aplicación, montada en una carpeta temporal y ajena a las variables y al `.env` de esta máquina."""
        with TemporaryDirectory() as datos:
            entorno = {clave: valor.format(datos=datos) for clave, valor in self.entorno.items()}
            with mock.patch.dict(os.environ, {"DATOS_DIR": datos, **entorno}, clear=True):
                clase = import_module(f"{self.paquete}.config").Ajustes
                app = import_module(f"{self.paquete}.arranque").crear_app(
                    clase(_env_file=None, nivel_registros="ERROR", **ajustes)
                )
            yield app


def _de_clientes() -> Sequence[Manejador]:
    from customer_service.aplicacion.casos import Clientes
    from customer_service.entradas.consumidores import manejadores

    return manejadores(Clientes(mock.Mock(), ZoneInfo("Europe/Madrid")))  # aquí solo se mira qué consume


SERVICIOS = (
    Servicio(
        "canales",
        "canales",
        "canales.aplicacion.eventos",
        "canales.entradas.consumidores",
        clave="cliente_id",
    ),
    Servicio("almacen", "storage_service", "storage_service.aplicacion.eventos"),
    Servicio("clientes", "customer_service", consumidores=_de_clientes),
    Servicio(
        "partners",
        "partners",
        "partners.modulos.partners.dominio.eventos",
        "partners.entradas.consumidores",
        clave="partner_id",
        entorno={"SQLALCHEMY_DATABASE_URI": "sqlite+pysqlite:///{datos}/partners.sqlite"},
    ),
    Servicio("leads", "tuotempo_leads", "tuotempo_leads.aplicacion.eventos", clave="telefono"),
    Servicio(
        "espacio",
        "espacio_clientes",
        "espacio_clientes.aplicacion.eventos",
        clave="cod_transaccion",
        entorno={"SECRET_KEY": "clave-solo-para-generar-los-contratos"},
    ),
)
