"""La aplicación más pequeña que usa todo lo que el chasis da: sobre ella se prueba."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from apiflask import APIBlueprint, APIFlask

from chasis.bd import BaseDeDatos
from chasis.config import AjustesBase
from chasis.errores import Conflicto
from chasis.esquemas import Entrada, texto
from chasis.idempotencia import TABLA
from chasis.web import (
    Servicio,
    crear_app,
    cuerpo_opcional,
    en_transaccion,
    json_por_trozos,
    repetible,
    respuesta,
)


class Cosa(Entrada):
    nombre: texto(10)


class Nota(Entrada):
    nota: str = "ninguna"


@contextmanager
def base(carpeta: Path) -> Iterator[BaseDeDatos]:
    base = BaseDeDatos(f"sqlite+pysqlite:///{carpeta}/base.sqlite")
    with base.escritura() as conexion:
        conexion.execute(sa.text("CREATE TABLE cosas (nombre TEXT)"))
        TABLA.metadata.create_all(conexion)
    yield base
    base.cerrar()


def aplicacion(bd: BaseDeDatos) -> APIFlask:
    """Una ruta de cada clase: crear en una transacción, repetir sin ella, listas por trozos, un fallo…"""
    servicio = Servicio(
        nombre="ejemplo",
        distribucion="centralita-chasis",
        titulo="Ejemplo",
        descripcion="De prueba.",
        dialecto=lambda error: {"mensaje": error.texto, "codigo": error.codigo},
        claves_de_error=("mensaje", "codigo"),
        comprobaciones={"base_de_datos": bd.comprobar},
    )
    app = crear_app(servicio, AjustesBase(_env_file=None, formato_registros="json"))
    app.extensions["bd"] = bd
    app.extensions["efectos"] = []
    rutas = APIBlueprint("ejemplo", __name__)
    _que_cambian_algo(rutas, app.extensions["efectos"])
    _que_solo_leen(rutas)
    app.register_blueprint(rutas)
    return app


def _que_cambian_algo(rutas: APIBlueprint, efectos: list[str]) -> None:
    @rutas.post("/cosas")
    @rutas.input(Cosa, arg_name="datos")
    @en_transaccion(fallo="Error al guardar la cosa", idempotente=True)
    def crear(conexion, datos):
        if datos.nombre == "repetida":
            raise Conflicto("Ya existe")
        conexion.execute(sa.text("INSERT INTO cosas VALUES (:n)"), {"n": datos.nombre})
        if datos.nombre == "explota":
            raise RuntimeError
        return respuesta({"hecho": True}, 201, {"Location": "/cosas/1"})

    @rutas.post("/efectos")
    @rutas.input(Cosa, arg_name="datos")
    @repetible(60)
    def efecto(datos):
        efectos.append(datos.nombre)
        return respuesta({"efectos": len(efectos)}, 201)

    @cuerpo_opcional
    @rutas.put("/nota")
    @rutas.input(Nota, arg_name="datos")
    def anotar(datos):
        return respuesta(datos.nota)


def _que_solo_leen(rutas: APIBlueprint) -> None:
    @rutas.get("/lista")
    def lista():
        return json_por_trozos(({"n": n} for n in range(1200)), trozo=500)

    @rutas.get("/lista/<int:cuantos>")
    def lista_en_objeto(cuantos):
        return json_por_trozos(range(cuantos), clave="cosas", total="total", trozo=2)

    @rutas.get("/revienta")
    def revienta():
        raise RuntimeError("con ana@example.com dentro")


def cosas(bd: BaseDeDatos) -> int:
    """Cuántas se han guardado."""
    with bd.lectura() as conexion:
        return conexion.execute(sa.text("SELECT count(*) FROM cosas")).scalar_one()
