"""Consulta de deudas."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from chasis.enlaces import enlaces
from espacio_clientes.api.auth import ConToken, identificar
from espacio_clientes.api.models.comun import CON_TOKEN, Documento
from espacio_clientes.api.models.deudas import Deudas
from espacio_clientes.api.piezas import ConPiezas
from espacio_clientes.aplicacion import carritos

rutas = APIRouter(tags=["Deudas"])

Moneda = Annotated[int, Query(ge=1, le=2**31 - 1, description="Código de moneda", examples=[1])]
_RESPUESTAS: dict[int | str, dict[str, Any]] = {
    **CON_TOKEN,
    200: {
        "links": {
            **enlaces("ver_carrito__idsession__get", idsession="$response.body#/idsession"),
            **enlaces("pagar_pago_post", session="$response.body#/idsession"),
            **enlaces(
                "agregar_carrito_agregar_post",
                idsession="$response.body#/idsession",
                codmovimiento="$response.body#/deudas/0/CODMOVIMIENTO",
            ),
        }
    },
    404: {"description": "El documento no existe (solo para operadores)", "model": Deudas},
}


@rutas.get("/consulta/deuda-cliente/", responses=_RESPUESTAS)
def consultar(piezas: ConPiezas, token: ConToken, documento: Documento, moneda: Moneda) -> Deudas:
    """Deudas pendientes de un cliente, por vencimiento, y la sesión con la que pagarlas."""
    with piezas.bd.escritura() as conexion:
        quien = identificar(conexion, token)
        cuenta, idsession = carritos.consultar_deudas(conexion, piezas.deudas, quien, documento, moneda)
    return Deudas.de(cuenta, idsession)
