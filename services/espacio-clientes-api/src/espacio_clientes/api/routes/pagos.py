"""Pagos, anulaciones y recibos."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import StringConstraints

from chasis.enlaces import enlaces
from espacio_clientes.api import recibos
from espacio_clientes.api.auth import ConToken, Portador, exigir_usuario, identificar
from espacio_clientes.api.errores import en_json
from espacio_clientes.api.idempotencia import Clave, una_sola_vez
from espacio_clientes.api.models.comun import (
    CON_TOKEN,
    PATRON_COD_TRANSACCION,
    REPETIBLE,
    CodTransaccion,
    Detalle,
    Usuario,
)
from espacio_clientes.api.models.pagos import DetalleDePago, ResultadoDeAnulacion, ResultadoDePago
from espacio_clientes.api.piezas import ConPiezas, Piezas
from espacio_clientes.aplicacion import eventos
from espacio_clientes.aplicacion.pagos import propio
from espacio_clientes.dominio.libro import Linea
from espacio_clientes.dominio.pago import Estado
from espacio_clientes.infraestructura import pagos
from espacio_clientes.infraestructura.accesos import Quien
from espacio_clientes.infraestructura.pagos import Pago

rutas = APIRouter(tags=["Pagos"])

CodEnRuta = Annotated[
    str, StringConstraints(min_length=2, max_length=20, pattern=PATRON_COD_TRANSACCION), Path()
]
Session = Annotated[int, Query(ge=1, le=999_999_999, description="El `idsession` del carrito", examples=[42])]
_DE_PAGO: dict[int | str, dict[str, Any]] = {
    **REPETIBLE,
    201: {
        "links": enlaces(
            "ver_pagos__cod_transaccion__get",
            "recibo_pagos__cod_transaccion__recibo_get",
            "anular_anulacion_post",
            cod_transaccion="$request.query.cod_transaccion",
        )
    },
    202: {
        "description": "Quien cobra no ha contestado; `Location` dice dónde mirar",
        "model": ResultadoDePago,
    },
    402: {"description": "Rechazado por quien cobra", "model": ResultadoDePago},
    404: {"description": "La sesión no existe", "model": ResultadoDePago},
    409: {"description": "Carrito vacío, sesión caducada o deuda ya pagada", "model": ResultadoDePago},
}
_DE_ANULACION: dict[int | str, dict[str, Any]] = {
    **REPETIBLE,
    202: {"description": "Pedida; se terminará sola", "model": ResultadoDeAnulacion},
    404: {"description": "El pago no existe", "model": ResultadoDeAnulacion},
    409: {"description": "El pago no se puede anular en su estado", "model": ResultadoDeAnulacion},
}
_DE_LECTURA: dict[int | str, dict[str, Any]] = {
    **CON_TOKEN,
    404: {"description": "El pago no existe", "model": Detalle},
}
_DE_RECIBO: dict[int | str, dict[str, Any]] = {
    **_DE_LECTURA,
    200: {"content": {"text/html": {}, "application/pdf": {}}, "description": "El recibo"},
    409: {"description": "El pago no llegó a aprobarse", "model": Detalle},
}


@rutas.post("/pago", status_code=201, response_model=ResultadoDePago, responses=_DE_PAGO)
def pagar(
    peticion: Request,
    piezas: ConPiezas,
    token: ConToken,
    session: Session,
    user: Usuario,
    cod_transaccion: CodTransaccion,
    clave: Clave = None,
) -> Response:
    """Paga todo el carrito o nada. El mismo `cod_transaccion` otra vez da la misma respuesta sin cobrar de nuevo."""

    def hacer() -> Response:
        quien = _quien(piezas, token)
        exigir_usuario(quien, user)
        return _resultado(peticion, piezas.pagos.pagar(quien, session, cod_transaccion))

    return una_sola_vez(peticion, piezas, token, clave, hacer)


@rutas.post("/anulacion", response_model=ResultadoDeAnulacion, responses=_DE_ANULACION)
def anular(
    peticion: Request,
    piezas: ConPiezas,
    token: ConToken,
    cod_transaccion: CodTransaccion,
    clave: Clave = None,
) -> Response:
    """Anula un pago aprobado; sus deudas vuelven a estar pendientes."""

    def hacer() -> Response:
        pago = piezas.pagos.anular(_quien(piezas, token), cod_transaccion)
        if pago.estado is Estado.ANULADO:
            return en_json({"cod_resp": "0", "desc_resp": "Pago anulado"}, 200)
        return en_json(
            {"cod_resp": "202", "desc_resp": "Anulación en proceso"}, 202, _donde_mirar(peticion, pago)
        )

    return una_sola_vez(peticion, piezas, token, clave, hacer)


@rutas.get("/pagos/{cod_transaccion}", responses=_DE_LECTURA)
def ver(piezas: ConPiezas, token: ConToken, cod_transaccion: CodEnRuta) -> DetalleDePago:
    """Estado, líneas, fechas y número de recibo de un pago."""
    return DetalleDePago.de(*_con_lineas(piezas, token, cod_transaccion))


@rutas.get("/pagos/{cod_transaccion}/recibo", response_class=Response, responses=_DE_RECIBO)
def recibo(
    piezas: ConPiezas,
    token: ConToken,
    cod_transaccion: CodEnRuta,
    formato: Annotated[Literal["html", "pdf"], Query(description="html (para imprimir) o pdf")] = "html",
) -> Response:
    """Recibo de un pago aprobado; si después se anuló, lo dice."""
    pago, lineas = _con_lineas(piezas, token, cod_transaccion)
    if formato == "pdf":
        from espacio_clientes.api import recibos_en_pdf  # lo pesado, solo cuando alguien lo pide

        nombre = f'inline; filename="{recibos.numero(pago)}.pdf"'
        return Response(
            recibos_en_pdf.en_pdf(pago, lineas),
            media_type="application/pdf",
            headers={"Content-Disposition": nombre},
        )
    return Response(recibos.en_html(pago, lineas), media_type="text/html; charset=utf-8")


def _quien(piezas: Piezas, token: Portador) -> Quien:
    with piezas.bd.lectura() as conexion:
        return identificar(conexion, token)


def _con_lineas(piezas: Piezas, token: Portador, cod_transaccion: str) -> tuple[Pago, list[Linea]]:
    with piezas.bd.lectura() as conexion:
        pago = propio(conexion, identificar(conexion, token), cod_transaccion)
        return pago, list(pagos.lineas(conexion, cod_transaccion))


def _resultado(peticion: Request, pago: Pago) -> Response:
    if pago.estado is Estado.APROBADO:
        numero = eventos.recibo(pago.recibo or 0)
        return en_json({"cod_resp": "0", "mod_fact": numero, "desc_resp": "Pago procesado"}, 201)
    if pago.estado is Estado.RECHAZADO:
        return en_json({"cod_resp": "402", "mod_fact": "", "desc_resp": "Pago rechazado"}, 402)
    cuerpo = {"cod_resp": "202", "mod_fact": "", "desc_resp": f"Pago en proceso ({pago.estado})"}
    return en_json(cuerpo, 202, _donde_mirar(peticion, pago))


def _donde_mirar(peticion: Request, pago: Pago) -> dict[str, str]:
    return {"Location": f"{peticion.scope.get('root_path', '')}/pagos/{pago.cod_transaccion}"}
