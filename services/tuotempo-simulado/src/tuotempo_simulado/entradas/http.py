"""Las rutas de TuoTempo que usa la integración; se registran bajo `/api/v3/<instancia>`."""

from __future__ import annotations

import unicodedata
from typing import Any

import orjson
from apiflask import APIBlueprint
from flask import Response, current_app, g, request

from chasis.web import respuesta
from tuotempo_simulado.aplicacion.agenda import Agenda, Datos
from tuotempo_simulado.aplicacion.peticiones import Busqueda, leer_fecha
from tuotempo_simulado.dominio.errores import RESERVA_FALLIDA, SIN_HUECOS, Excepcion
from tuotempo_simulado.dominio.huecos import Hueco
from tuotempo_simulado.entradas import fallar
from tuotempo_simulado.entradas.esquemas import (
    Alta,
    DeActividades,
    DeAreas,
    DeHuecos,
    Idioma,
    ReservaNueva,
    Sobre,
    UsuarioNuevo,
)
from tuotempo_simulado.entradas.formato import catalogo, huecos, reservas, sobre

rutas = APIBlueprint("tuotempo", __name__, tag="TuoTempo v3")
rutas.before_request(fallar.antes)
rutas.after_request(fallar.despues)

_MALA = {400: "Falta un parámetro o no vale"}


@rutas.get("/areas")
@rutas.input(DeAreas, location="query", arg_name="consulta")
@rutas.output(Sobre, description="`return.results` son las clínicas")
@rutas.doc(responses=_MALA)
def areas(consulta: DeAreas) -> Response:
    """Clínicas; `province` filtra y `cp` no."""
    provincia = "" if _ignora_la_provincia() else _llano(consulta.province)
    halladas = [c for c in _agenda().clinicas if provincia in ("", _llano(c.provincia))]
    miembros = ";".join(c.miembro for c in halladas)
    resultado = {"results": [catalogo.clinica(c) for c in halladas]}
    return respuesta(sobre.correcto(resultado, members_name=miembros))


@rutas.get("/activities")
@rutas.input(DeActividades, location="query", arg_name="consulta")
@rutas.output(Sobre, description="`return.results` son las actividades")
@rutas.doc(responses=_MALA)
def activities(consulta: DeActividades) -> Response:
    """Actividades de una clínica, o todas."""
    halladas = _agenda().actividades(consulta.areaid or None)
    return respuesta(sobre.correcto({"results": [catalogo.actividad(a) for a in halladas]}))


@rutas.get("/availabilities")
@rutas.input(DeHuecos, location="query", arg_name="consulta")
@rutas.output(Sobre, description="`return.results.availabilities` son los huecos, agrupados por profesional")
@rutas.doc(responses=_MALA)
def availabilities(consulta: DeHuecos) -> Response:
    """Huecos libres de los tres próximos días en que queda alguno."""
    desde, iso = leer_fecha(consulta.desde)
    busqueda = Busqueda(
        clinica_id=consulta.clinica_id,
        actividad_id=consulta.actividad_id,
        desde=desde,
        fecha_iso=iso,
        recurso_id=consulta.recurso_id or None,
        desde_minuto=consulta.desde_minuto,
        hasta_minuto=consulta.hasta_minuto,
    )
    libres = _agenda().disponibilidades(busqueda)[: consulta.maximo]
    return respuesta(_disponibilidades(consulta, libres))


@rutas.post("/users")
@rutas.input(Idioma, location="query", arg_name="_consulta")
@rutas.input(UsuarioNuevo, arg_name="datos")
@rutas.output(Alta, description="El alta ocasional, sin sobre; la de una cuenta, dentro de él")
def users(_consulta: Idioma, datos: UsuarioNuevo) -> Response:
    """Dar de alta a quien recibirá la cita."""
    personales = Datos(datos.fname, datos.lname, datos.birthday, datos.phone)
    return respuesta(reservas.usuario(_agenda().registrar(personales, ocasional=datos.onetime_user == "1")))


@rutas.post("/reservations")
@rutas.input(Idioma, location="query", arg_name="_consulta")
@rutas.input(ReservaNueva, arg_name="datos")
@rutas.output(Sobre, description="`return` es el identificador de la reserva")
def reservations(_consulta: Idioma, datos: ReservaNueva) -> Response:
    """Confirmar una cita en un hueco."""
    _exigir_clave()
    return respuesta(reservas.confirmada(_agenda().reservar(datos.model_extra or {})))


@rutas.delete("/reservations/<reserva_id>")
@rutas.input(Idioma, location="query", arg_name="_consulta")
@rutas.output(Sobre, description="`return` es el identificador de la reserva anulada")
@rutas.doc(responses=_MALA)
def anular(_consulta: Idioma, reserva_id: str) -> Response:
    """Anular una cita; su hueco vuelve a estar libre."""
    _exigir_clave()
    return respuesta(reservas.anulada(_agenda().anular(reserva_id)))


def _disponibilidades(consulta: DeHuecos, libres: list[Hueco]) -> dict[str, Any]:
    busqueda = {"lang": consulta.lang, "areaId": consulta.clinica_id, "activityid": consulta.actividad_id}
    miembro = consulta.clinica_id.partition("@")[2]
    return sobre.correcto(
        {"results": {"availabilities": [huecos.hueco(libre) for libre in libres], "unavailabilities": []}},
        "" if libres else SIN_HUECOS,
        searchid=orjson.dumps(busqueda).decode(),  # un objeto escrito como texto: así lo da TuoTempo
        nextResults=None,
        additional_data={
            "customs_reservation_configurations": [],
            "show_only_first_doctor_availability": "0",
            "next_search_date": None,
        },
        providers_requests={miembro: [{"response": "OK", "execution_time": g.ms}]},
    )


def _exigir_clave() -> None:
    tipo, _, clave = request.headers.get("Authorization", "").partition(" ")
    if tipo.lower() != "bearer" or not clave.strip():
        raise Excepcion(RESERVA_FALLIDA, "Falta la clave de la API (Authorization: Bearer …)")


def _ignora_la_provincia() -> bool:
    return bool(g.fallo and g.fallo.fallo == "provincia_ignorada")


def _llano(texto: str) -> str:
    sin_acentos = unicodedata.normalize("NFKD", texto.strip())
    return "".join(c for c in sin_acentos if not unicodedata.combining(c)).casefold()


def _agenda() -> Agenda:
    agenda: Agenda = current_app.extensions["agenda"]
    return agenda
