"""Leads desnudo: el SELECT, UPDATE e INSERT de `actualizar_resultado`, sin chasis, dominio ni comprobaciones."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from flask import Response, request
from referencia import CARPETA, CON_EVENTOS, app, dejar_evento, escritor

from chasis.eventos.tablas import METADATOS as DE_EVENTOS
from tuotempo_leads.infraestructura.tablas import leads, llamadas, metadatos

__all__ = ["app", "preparar_base"]
BUSCAR = sa.select(leads.c.id, leads.c.version, leads.c.conPack).where(
    leads.c.telefono_norm == sa.bindparam("telefono")
)
CAMBIAR = sa.update(leads).where(leads.c.id == sa.bindparam("uno"))
ANOTAR = sa.insert(llamadas)


def preparar_base() -> None:
    CARPETA.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(CARPETA / "referencia.sqlite") as conexion:
        conexion.execute("PRAGMA journal_mode=WAL")
    for tablas in (metadatos, DE_EVENTOS):
        tablas.create_all(escritor)


@app.post("/api/actualizar_resultado")
def actualizar() -> Response:
    datos = orjson.loads(request.get_data())
    momento, telefono = datetime.now(UTC).replace(tzinfo=None), datos["telefono"][-9:]
    estado = {"status_level_1": "Volver a llamar", "status_level_2": "buzón"}
    with escritor.begin() as conexion:
        for lead in conexion.execute(BUSCAR, {"telefono": telefono}).all():
            horas = {"call_time": momento, "last_call_attempt": momento, "updated_at": momento}
            cuentas = {"version": lead.version + 1, "call_attempts_count": leads.c.call_attempts_count + 1}
            conexion.execute(CAMBIAR.values(**estado, **horas, **cuentas), {"uno": lead.id})
            llamada = {"lead_id": lead.id, "telefono_norm": telefono, "momento": momento, "origen": "api"}
            conexion.execute(ANOTAR, {**llamada, **estado})
            if CON_EVENTOS:
                dejar_evento(conexion, telefono, b"x" * 600, ("canales", "clientes"))
    return Response(b'{"success":true}', mimetype="application/json")
