"""Un servicio que emite y otro que aplica, lo más pequeños posible, para matarlos sin piedad.

`python piezas.py emitir N`   ocho hilos suman en cuentas al azar; cada suma es una transacción con su evento
`python piezas.py repartir`   el relay
`python piezas.py aplicar`    el consumidor: anota cada suma que recibe, por orden de llegada

La base (`BASE`), el transporte y los destinos llegan por el entorno, como en un servicio de verdad.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.eventos import Evento, Eventos, Manejador, emitir
from chasis.eventos.tablas import METADATOS
from chasis.eventos.trabajador import ejecutar
from chasis.web import Servicio, crear_app

CUENTAS = 20
_propias = sa.MetaData()
cuentas = sa.Table(
    "cuentas", _propias, sa.Column("clave", sa.String(10), primary_key=True), sa.Column("suma", sa.Integer)
)
aplicadas = sa.Table(
    "aplicadas",
    _propias,
    sa.Column("orden", sa.Integer, primary_key=True),
    sa.Column("clave", sa.String(10)),
    sa.Column("suma", sa.Integer),
)


@dataclass(frozen=True)
class CuentaSumada:
    suma: int


def tema() -> str:
    """Cada prueba tiene el suyo: un broker compartido puede volver a entregar lo de la anterior."""
    return os.environ.get("TEMA", "cuentas")


def preparar(url: str) -> BaseDeDatos:
    bd = BaseDeDatos(url)
    with bd.escritura() as conexion:
        METADATOS.create_all(conexion)
        _propias.create_all(conexion)
        if not conexion.execute(sa.select(sa.func.count()).select_from(cuentas)).scalar_one():
            conexion.execute(cuentas.insert(), [{"clave": str(n), "suma": 0} for n in range(CUENTAS)])
    return bd


def sumar(bd: BaseDeDatos, clave: str) -> None:
    with bd.escritura() as conexion:
        suya = cuentas.c.clave == clave
        conexion.execute(cuentas.update().where(suya).values(suma=cuentas.c.suma + 1))
        suma = conexion.execute(sa.select(cuentas.c.suma).where(suya)).scalar_one()
        emitir(conexion, tema(), CuentaSumada(suma), clave=clave, secuencia=suma)


def anotar_suma(conexion: Connection, datos: CuentaSumada, evento: Evento) -> None:
    if os.environ.get("VENENO") == evento.clave:
        raise RuntimeError("esta cuenta no se puede aplicar")
    conexion.execute(aplicadas.insert().values(clave=evento.clave, suma=datos.suma))


def main() -> None:
    papel, *resto = sys.argv[1:]
    ajustes, bd = AjustesBase(_env_file=None, formato_registros="json"), BaseDeDatos(os.environ["BASE"])
    del sys.argv[1:]
    if papel == "emitir":
        _emitir(Eventos(bd, ajustes, "emisor"), int(resto[0]))
    elif papel == "repartir":
        ejecutar(Eventos(bd, ajustes, "emisor"), ajustes)
    else:
        eventos = Eventos(bd, ajustes, "receptor", [Manejador(tema(), CuentaSumada, anotar_suma)])
        if not eventos.con_pulsar:
            eventos.en_segundo_plano()
            _servir(eventos, ajustes)
        ejecutar(eventos, ajustes)


def _emitir(eventos: Eventos, cuantas: int) -> None:
    def trabajar() -> None:
        for _ in range(cuantas // 8):
            sumar(eventos.bd, str(random.randrange(CUENTAS)))

    hilos = [threading.Thread(target=trabajar) for _ in range(8)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()


def _servir(eventos: Eventos, ajustes: AjustesBase) -> None:
    servicio = Servicio(
        "receptor", "centralita-chasis", "Receptor", "", lambda error: {"error": error.texto}, ("error",)
    )
    app = crear_app(servicio, ajustes)
    eventos.instalar(app)
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)


if __name__ == "__main__":
    main()
