"""Partners desnudo: el mismo SQL que partners-service, sin chasis, sin dominio y sin comprobaciones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import sqlalchemy as sa
from flask import Response, request
from referencia import app, escritor, metadatos, motor, preparar_base

__all__ = ["app", "preparar_base"]
CUATRO = ("nombre", "email", "email_clave", "busqueda")
partners = sa.Table(
    "partners",
    metadatos,
    sa.Column("id", sa.String(36), primary_key=True),
    *(sa.Column(nombre, sa.Unicode(255)) for nombre in (*CUATRO, "telefono", "direccion")),
    *(sa.Column(nombre, sa.String(20)) for nombre in ("estado", "estado_kyc")),
    sa.Column("documentos_kyc", sa.JSON(none_as_null=True)),
    *(sa.Column(nombre, sa.DateTime) for nombre in ("fecha_creacion", "fecha_actualizacion")),
    sa.Column("version", sa.Integer),
    sa.Index("por_fecha", "fecha_creacion", "id"),
)
integraciones = sa.Table(
    "integraciones",
    metadatos,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("partner_id", sa.String(36)),
    *(sa.Column(nombre, sa.Unicode(255)) for nombre in ("tipo", "nombre", "descripcion")),
    sa.Column("activa", sa.Boolean),
    *(sa.Column(nombre, sa.DateTime) for nombre in ("fecha_creacion", "fecha_revocacion")),
    sa.Column("motivo_revocacion", sa.UnicodeText),
    sa.Index("por_partner", "partner_id", "fecha_creacion", "id"),
)
UNO = sa.select(partners).where(partners.c.id == sa.bindparam("id"))
SUYAS = (
    sa.select(integraciones)
    .where(integraciones.c.partner_id == sa.bindparam("id"))
    .order_by(integraciones.c.fecha_creacion, integraciones.c.id)
)
DE_LISTA = ("id", "nombre", "email", "telefono", "estado", "estado_kyc", "fecha_creacion")
CUANTAS = sa.select(sa.func.count()).where(integraciones.c.partner_id == partners.c.id).scalar_subquery()
VIVOS = partners.c.estado != "ELIMINADO"
LISTA = (
    sa.select(*(partners.c[nombre] for nombre in DE_LISTA), CUANTAS.label("integraciones_count"))
    .where(VIVOS)
    .order_by(partners.c.fecha_creacion, partners.c.id)
)


def objeto(fila: Any, *salvo: str) -> dict[str, Any]:
    return {
        str(clave): f"{valor.isoformat(timespec='seconds')}Z" if isinstance(valor, datetime) else valor
        for clave, valor in fila._mapping.items()
        if clave not in salvo
    }


def en_json(cuerpo: Any, estado: int = 200, **cabeceras: str) -> Response:
    return Response(orjson.dumps(cuerpo), estado, cabeceras, mimetype="application/json")


@app.post("/api/v1/partners")
def crear() -> Response:
    datos, ahora = orjson.loads(request.get_data()), datetime.now(UTC).replace(tzinfo=None)
    nuevo = {"id": str(uuid4()), "estado": "ACTIVO", "estado_kyc": "PENDIENTE", "version": 1}
    nuevo |= {"fecha_creacion": ahora, "fecha_actualizacion": ahora, "email_clave": datos["email"], **datos}
    with escritor.begin() as conexion:
        conexion.execute(sa.insert(partners).values(**nuevo))
    return en_json({}, 201, Location=f"/api/v1/partners/{nuevo['id']}")


@app.post("/api/v1/partners/<partner_id>/integraciones")
def integrar(partner_id: str) -> Response:
    datos, ahora = orjson.loads(request.get_data()), datetime.now(UTC).replace(tzinfo=None)
    nueva = {"id": str(uuid4()), "partner_id": partner_id, "activa": True, "fecha_creacion": ahora, **datos}
    with escritor.begin() as conexion:
        conexion.execute(sa.insert(integraciones).values(**nueva))
    return en_json({}, 201)


@app.get("/api/v1/partners/<partner_id>")
def leer(partner_id: str) -> Response:
    with motor.connect() as conexion:
        partner = objeto(
            conexion.execute(UNO, {"id": partner_id}).one(), "email_clave", "busqueda", "version"
        )
        suyas = conexion.execute(SUYAS, {"id": partner_id})
        partner["integraciones"] = [objeto(una, "partner_id", "motivo_revocacion") for una in suyas]
    return en_json({"partner": partner})


@app.get("/api/v1/partners")
def listar() -> Response:
    pagina, por_pagina = int(request.args["page"]), int(request.args["per_page"])
    with motor.connect() as conexion:
        total = conexion.execute(sa.select(sa.func.count()).select_from(partners).where(VIVOS)).scalar_one()
        filas = conexion.execute(LISTA.limit(por_pagina).offset((pagina - 1) * por_pagina))
        vistos = [objeto(fila) for fila in filas]
    return en_json({"partners": vistos, "total": total}, **{"X-Total-Count": str(total)})
