"""Servicios desnudos con los que comparar: el mismo SQL o el mismo fichero, sin chasis ni comprobaciones.

Con `CON_EVENTOS`, también el SQL con que cada escritura deja su evento en la outbox; nadie lo reparte después.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import sqlalchemy as sa
from flask import Flask, Response, request

from chasis.eventos.tablas import METADATOS as DE_EVENTOS, OUTBOX
from storage_service.infraestructura.tablas import INTENCIONES, metadatos as del_diario

CON_EVENTOS = bool(os.environ.get("CON_EVENTOS"))
CARPETA = Path(os.environ["DATOS_DIR"])
app = Flask("referencia")
metadatos = sa.MetaData()
clientes = sa.Table(
    "clientes",
    metadatos,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("nombre", sa.Unicode(100)),
    sa.Column("tipo_servicio", sa.Unicode(50)),
    sa.Column("creado_en", sa.DateTime, index=True),
)
motor = sa.create_engine(
    f"sqlite+pysqlite:///{CARPETA}/referencia.sqlite",
    pool_size=8,
    max_overflow=0,
    connect_args={"timeout": 15, "check_same_thread": False},
)
escritor = motor.execution_options(escritura=True)


@sa.event.listens_for(motor, "connect")
def preparar(conexion: sqlite3.Connection, _: object) -> None:
    conexion.isolation_level = None
    conexion.execute("PRAGMA synchronous=FULL")


@sa.event.listens_for(motor, "begin")
def abrir(conexion: sa.Connection) -> None:
    escritura = conexion.get_execution_options().get("escritura")
    conexion.exec_driver_sql("BEGIN IMMEDIATE" if escritura else "BEGIN")


def preparar_base() -> None:
    """Crea la base en WAL; se llama una vez, antes de arrancar los procesos."""
    CARPETA.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(CARPETA / "referencia.sqlite") as conexion:
        conexion.execute("PRAGMA journal_mode=WAL")
    for tablas in (metadatos, DE_EVENTOS, del_diario):
        tablas.create_all(motor)


@app.get("/health/live")
def viva() -> str:
    return "ok"


@app.get("/clientes/<int:cliente_id>")
def un_cliente(cliente_id: int) -> Response:
    consulta = sa.select(clientes.c.id, clientes.c.nombre, clientes.c.tipo_servicio)
    with motor.connect() as conexion:
        fila = conexion.execute(consulta.where(clientes.c.id == cliente_id)).one()
    return Response(
        orjson.dumps({"id": fila.id, "nombre": fila.nombre, "tipo_servicio": fila.tipo_servicio}),
        mimetype="application/json",
    )


@app.post("/cliente")
def registrar() -> Response:
    datos = orjson.loads(request.get_data())
    valores = {**datos, "creado_en": datetime.now(UTC).replace(tzinfo=None, microsecond=0)}
    with escritor.begin() as conexion:
        conexion.execute(sa.insert(clientes).values(**valores))
    return Response(b'{"mensaje":"Cliente registrado exitosamente"}', 201, mimetype="application/json")


@app.get("/archivos/<nombre>")
def un_archivo(nombre: str) -> Response:
    contenido = (CARPETA / "clientes" / f"{nombre}.json").read_bytes()
    orjson.loads(contenido)
    return Response(contenido, mimetype="application/json")


@app.post("/archivos")
def guardar() -> Response:
    documento = orjson.loads(request.get_data())
    if not CON_EVENTOS:
        return _guardar(documento)
    with _anotado(documento["nombre"]):
        return _guardar(documento)


@contextmanager
def _anotado(nombre: str) -> Iterator[None]:
    """El SQL del diario de almacén: la intención antes de escribir y, después, su paso a la outbox."""
    fila = {"huella": nombre, "nombre": nombre, "antes": "", "despues": "e" * 64, "creada": time.time()}
    with escritor.begin() as conexion:
        conexion.execute(sa.select(INTENCIONES).where(INTENCIONES.c.huella == nombre)).all()
        uno = conexion.execute(INTENCIONES.insert().values(**fila, cuerpo=b"")).inserted_primary_key[0]
        conexion.execute(INTENCIONES.update().where(INTENCIONES.c.id == uno).values(cuerpo=b"x" * 600))
    yield
    with escritor.begin() as conexion:
        anotada = conexion.execute(sa.select(INTENCIONES).where(INTENCIONES.c.id == uno)).one()
        dejar_evento(conexion, nombre, anotada.cuerpo)
        conexion.execute(INTENCIONES.delete().where(INTENCIONES.c.id == uno))


def dejar_evento(
    conexion: sa.Connection, clave: str, cuerpo: bytes, destinos: tuple[str, ...] = ("uno",)
) -> None:
    fila = {"tema": "tema", "clave": clave, "cuerpo": cuerpo, "creado": time.time()}
    conexion.execute(OUTBOX.insert(), [{"destino": destino, **fila} for destino in destinos])


def _guardar(documento: dict[str, str]) -> Response:
    destino = CARPETA / "clientes" / f"{documento['nombre']}.json"
    temporal = destino.with_suffix(f".{os.getpid()}-{id(documento)}")
    with temporal.open("xb") as fichero:
        fichero.write(orjson.dumps(documento, option=orjson.OPT_INDENT_2))
        fichero.flush()
        os.fsync(fichero.fileno())
    temporal.replace(destino)
    carpeta = os.open(destino.parent, os.O_RDONLY)
    os.fsync(carpeta)
    os.close(carpeta)
    return Response(b'{"message":"guardado","status":"ok"}', 201, mimetype="application/json")
