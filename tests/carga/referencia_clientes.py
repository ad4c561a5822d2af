"""Clientes desnudo: lee y crea en un almacén igual de desnudo, por HTTP y sin comprobar nada."""

from __future__ import annotations

import os

import orjson
import requests
from flask import Flask, Response, request

app = Flask("referencia_clientes")
ALMACEN, sesion = os.environ["ALMACEN_DE_REFERENCIA"], requests.Session()
sesion.trust_env = False
sesion.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))


def preparar_base() -> None:
    """No tiene: lo guarda todo el almacén."""


@app.get("/health/live")
def viva() -> str:
    return "ok"


@app.get("/clientes/<nombre>")
def leer(nombre: str) -> Response:
    documento = sesion.get(f"{ALMACEN}/archivos/{nombre}", timeout=5).json()
    return Response(orjson.dumps(documento), mimetype="application/json")


@app.post("/clientes")
def crear() -> Response:
    documento = {**orjson.loads(request.get_data()), "servicios": []}
    sesion.post(f"{ALMACEN}/archivos", data=orjson.dumps(documento), timeout=5).raise_for_status()
    return Response(b"{}", 201, mimetype="application/json")
