"""Las rutas de `app.py` en el README: lo que contesta TuoTempo, tal como lo contesta."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g

from chasis.errores import PeticionInvalida
from chasis.idempotencia import RESERVA
from chasis.web import repetible, respuesta
from tuotempo_leads.aplicacion.centros import con_resultados
from tuotempo_leads.aplicacion.tuotempo import ErrorDeTuoTempo, exigir_correcta
from tuotempo_leads.dominio.centros import filtrar
from tuotempo_leads.dominio.cita import HuecoInvalido, leer
from tuotempo_leads.entradas.base import ajustes, catalogo, citas, cliente_de, entorno_de, proveedor
from tuotempo_leads.entradas.centros import ANTIGUOS
from tuotempo_leads.entradas.esquemas_de_citas import (
    CitaNueva,
    DeCenters,
    DeHuecos,
    PersonaNueva,
    Salud,
    telefono_de,
)
from tuotempo_leads.entradas.esquemas_de_tuotempo import FORMATO, SIN_TUOTEMPO, DeTuoTempo, EnIdioma
from tuotempo_leads.infraestructura.tuotempo import Motivo, resultados
from tuotempo_leads.infraestructura.tuotempo.fechas import hoy

rutas = APIBlueprint("citas", __name__, tag="Citas")
_MAL = {400: "Falta un dato o no vale", **SIN_TUOTEMPO}


@rutas.get("/health")
@rutas.output(Salud)
def salud() -> Response:
    """Comprueba si el servicio está funcionando."""
    return respuesta({"status": "ok", "message": "Service is running"})


@rutas.get("/centers")
@rutas.input(DeCenters, location="query", arg_name="consulta")
@rutas.output(DeTuoTempo, description="`return.results` son los centros")
@rutas.doc(responses=_MAL)
def obtener_centros(consulta: DeCenters) -> Response:
    """Obtiene centros filtrados por provincia."""
    recibida, antiguos = catalogo().obtener(consulta.lang, entorno_de(consulta))
    halladas = filtrar(resultados(recibida), provincia=consulta.province)
    return respuesta(con_resultados(recibida, halladas), cabeceras=ANTIGUOS if antiguos else None)


@rutas.get("/slots")
@rutas.input(DeHuecos, location="query", arg_name="consulta")
@rutas.output(DeTuoTempo, description="`return.results.availabilities` son los huecos")
@rutas.doc(responses=_MAL)
def obtener_huecos(consulta: DeHuecos) -> Response:
    """Obtiene huecos disponibles."""
    recibida = cliente_de(consulta).get_available_slots(
        consulta.activity_id or ajustes().tuotempo_actividad,
        consulta.area_id,
        consulta.start_date or hoy(),
        resource_id=consulta.resource_id or None,
        min_time=consulta.min_time,
        max_time=consulta.max_time,
    )
    try:
        return respuesta(exigir_correcta(recibida))
    except ErrorDeTuoTempo as error:
        if error.fallo.motivo is not Motivo.SIN_HUECOS:
            raise
        # Es su manera de decir «no hay»: la lista, vacía pero en su sitio, y al lado el motivo.
        return respuesta({**recibida, "return": {"results": {"availabilities": [], "unavailabilities": []}}})


@rutas.post("/register")
@rutas.input(EnIdioma, location="query", arg_name="consulta")
@rutas.input(PersonaNueva, arg_name="datos")
@rutas.output(DeTuoTempo, description="`user_info.memberid` es el `userid` de `/confirm`")
@rutas.doc(responses=_MAL)
@repetible(RESERVA)
def registrar(consulta: EnIdioma, datos: PersonaNueva) -> Response:
    """Registra un usuario no asegurado."""
    telefono_de("phone", datos.phone)
    nacimiento = datos.birthday.strftime(FORMATO)
    recibida = cliente_de(consulta).register_non_insured_user(
        datos.fname, datos.lname, nacimiento, datos.phone
    )
    return respuesta(exigir_correcta(recibida))


@rutas.post("/confirm")
@rutas.input(EnIdioma, location="query", arg_name="consulta")
@rutas.input(CitaNueva, arg_name="datos")
@rutas.output(DeTuoTempo, description="Confirmada; `return` es su identificador y `X-Cita-Id`, el de aquí")
@rutas.doc(responses={**_MAL, 409: "El hueco ya no está libre, o ya tiene cita ese día"})
@repetible(RESERVA)
def confirmar(consulta: EnIdioma, datos: CitaNueva) -> Response:
    """Confirma una cita."""
    persona, entorno = datos.persona, entorno_de(consulta)
    try:
        hueco = leer(datos.availability, entorno, ajustes().zona)
    except HuecoInvalido as fallo:
        raise PeticionInvalida(str(fallo), campo="availability") from None
    proveedor().exigir_llave(entorno)
    hecha = citas().ya_confirmada(hueco, persona) if g.reanudada else None
    hecha = hecha or citas().confirmar(cliente_de(consulta), entorno, hueco, persona, con_pack=datos.conPack)
    return respuesta(hecha.respuesta, cabeceras={"X-Cita-Id": hecha.cita_id})
