"""Leads desnudo: el mismo SQL que `actualizar_resultado`, sin chasis, dominio ni comprobaciones."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from flask import Response, request
from referencia import CARPETA, CON_EVENTOS, app, dejar_evento, escritor

from chasis.eventos.tablas import METADATOS as DE_EVENTOS
from tuotempo_leads.infraestructura.tablas import exclusiones, leads, llamadas, metadatos, rellamadas

__all__ = ["app", "preparar_base"]
BUSCAR = sa.select(leads.c.id, leads.c.version, leads.c.conPack).where(
    leads.c.telefono_norm == sa.bindparam("telefono")
)
CAMBIAR = sa.update(leads).where(leads.c.id == sa.bindparam("uno"))
ANOTAR = sa.insert(llamadas)
EXCLUIDO = (
    sa.select(exclusiones.c.origen).where(exclusiones.c.telefono_norm == sa.bindparam("telefono")).limit(1)
)
CERRAR = (
    sa.update(rellamadas).where(rellamadas.c.pendiente_de == sa.bindparam("uno")).values(pendiente_de=None)
)
VOLVER_A_LLAMAR = sa.insert(rellamadas)


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
        conexion.execute(EXCLUIDO, {"telefono": telefono}).all()
        for lead in conexion.execute(BUSCAR, {"telefono": telefono}).all():
            horas = {"call_time": momento, "last_call_attempt": momento, "updated_at": momento}
            cuentas = {"version": lead.version + 1, "call_attempts_count": leads.c.call_attempts_count + 1}
            conexion.execute(CAMBIAR.values(**estado, **horas, **cuentas), {"uno": lead.id})
            llamada = {"lead_id": lead.id, "telefono_norm": telefono, "momento": momento, "origen": "api"}
            conexion.execute(ANOTAR, {**llamada, **estado})
            conexion.execute(CERRAR, {"uno": lead.id, "estado": "sustituida", "cerrada_en": momento})
            otra = {"lead_id": lead.id, "pendiente_de": lead.id, "momento": momento, "creada_en": momento}
            conexion.execute(VOLVER_A_LLAMAR, {**otra, "estado": "pendiente", "motivo": "buzón"})
            if CON_EVENTOS:
                dejar_evento(conexion, telefono, b"x" * 600, ("canales", "clientes"))
    return Response(b'{"success":true}', mimetype="application/json")
