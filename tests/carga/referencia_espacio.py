"""Un FastAPI desnudo con el mismo SQL que espacio-clientes: sin tokens, sin comprobaciones y sin registros."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from chasis.bd import BaseDeDatos
from espacio_clientes.infraestructura import accesos, carritos, deudas

bd = BaseDeDatos(f"sqlite+pysqlite:///{Path(os.environ['DATOS_DIR']) / 'espacio.sqlite'}", conexiones=40)
app = FastAPI()


@app.get("/health/live")
def viva() -> str:
    return "ok"


@app.get("/consulta/deuda-cliente/")
def consultar(documento: str, moneda: int) -> dict[str, Any]:
    with bd.escritura() as conexion:
        conexion.execute(accesos._QUIEN, {"usuario": "cliente", "jti": "x"}).one()
        filas = conexion.execute(deudas._CONSULTA, {"documento": documento, "moneda": moneda}).all()
        momento = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        sesion = {"usuario": "cliente", "documento": documento, "nombre": filas[0].nombre, "moneda": moneda}
        nueva = conexion.execute(carritos._ABRIR, {**sesion, "abierta_en": momento}).inserted_primary_key
    lista = [fila._asdict() for fila in filas]
    return {"deudas": lista, "desc_clie": filas[0].nombre, "cant_deta": len(lista), "idsession": nueva[0]}


@app.post("/carrito/agregar")
def agregar(idsession: int, indicador: str, codmovimiento: str, usuario: str) -> dict[str, Any]:
    with bd.escritura() as conexion:
        conexion.execute(accesos._QUIEN, {"usuario": usuario, "jti": "x"}).one()
        filas = conexion.execute(carritos._CON_LINEAS, {"id": idsession}).all()
        if indicador == "N":
            conexion.execute(carritos._QUITAR, {"id": idsession, "mov": codmovimiento})
            return {"comision": 0.0, "codresp": "0"}
        claves = {"documento": filas[0].documento, "moneda": filas[0].moneda, "codmovimiento": codmovimiento}
        deuda = conexion.execute(deudas._UNA, claves).one()
        if filas[0].codmovimiento is None:
            linea = {
                "codmovimiento": codmovimiento,
                "descripcion": deuda.descripcion,
                "importe": deuda.impo_tota,
            }
            conexion.execute(carritos._PONER, {"idsession": idsession, **linea, "comision": deuda.impo_tota})
    return {"comision": float(deuda.impo_tota), "codresp": "0"}
