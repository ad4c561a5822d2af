"""Salud y métricas; de ellas solo `/health` y `/health/live` salen por el gateway."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from chasis import metricas
from chasis.retirada import en_retirada
from chasis.salud import informe
from espacio_clientes.api.errores import en_json
from espacio_clientes.api.piezas import ConPiezas, Piezas

rutas = APIRouter(tags=["Operación"])


class Salud(BaseModel):
    status: Literal["healthy"] = "healthy"


class Vida(BaseModel):
    status: Literal["alive", "leaving"] = "alive"


class Disponibilidad(BaseModel):
    status: Literal["ready", "not_ready"]
    servicio: str
    version: str
    comprobaciones: dict[str, Any]


async def solo_desde_dentro(peticion: Request) -> None:
    """El gateway ya lo cierra; esto lo cierra también si alguien encuentra una ruta que se le escape."""
    # No todas las plataformas ponen las dos: Heroku, solo la segunda.
    if "x-forwarded-host" in peticion.headers or "x-forwarded-for" in peticion.headers:
        raise HTTPException(404)


Interna = Annotated[None, Depends(solo_desde_dentro)]


@rutas.get("/health")
async def salud() -> Salud:
    """Estado de salud."""
    return Salud()


@rutas.get("/health/live", responses={503: {"model": Vida, "description": "Se está yendo"}})
async def viva(respuesta: Response) -> Vida:
    """Vida: el proceso responde y no se está yendo; no toca nada más."""
    if en_retirada():
        respuesta.status_code = 503
        return Vida(status="leaving")
    return Vida()


@rutas.get("/health/ready", response_model=Disponibilidad, responses={503: {"model": Disponibilidad}})
def lista(piezas: ConPiezas, _: Interna) -> Response:
    """Disponibilidad: comprueba todo aquello de lo que depende."""
    cuerpo, listo = _informe(piezas)
    return en_json(cuerpo, 200 if listo else 503)


@rutas.get("/metrics", include_in_schema=False)
def exponer_metricas(piezas: ConPiezas, _: Interna) -> Response:
    _informe(piezas)  # deja su resultado en las métricas
    return Response(
        metricas.exposicion([piezas.eventos, piezas.conciliador]), headers={"Content-Type": metricas.TIPO}
    )


def _informe(piezas: Piezas) -> tuple[dict[str, Any], bool]:
    comprobaciones = {"base_de_datos": piezas.bd.comprobar, "eventos": piezas.eventos.estado}
    return informe("espacio", version("espacio-clientes-api"), comprobaciones)
