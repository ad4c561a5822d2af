"""Centros, actividades, huecos y clínicas, en castellano: las rutas `/api/…` del README."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from chasis.web import lectura, respuesta
from tuotempo_leads.aplicacion.tuotempo import ErrorDeTuoTempo, exigir_correcta, huecos
from tuotempo_leads.dominio.centros import centro, filtrar
from tuotempo_leads.entradas.base import ajustes, catalogo, cliente_de, entorno_de, fallo_de_base
from tuotempo_leads.entradas.esquemas import SIN_DATOS
from tuotempo_leads.entradas.esquemas_de_centros import (
    Actividades,
    Centros,
    Clinicas,
    DeActividades,
    DeCentros,
    DeCentrosDeUnCp,
    DeClinicas,
    DeSlots,
    Slots,
)
from tuotempo_leads.entradas.esquemas_de_tuotempo import SIN_TUOTEMPO, EnIdioma
from tuotempo_leads.infraestructura import catalogos
from tuotempo_leads.infraestructura.tuotempo import Motivo, resultados

rutas = APIBlueprint("centros", __name__, tag="Centros y huecos")
ANTIGUOS = {"X-Datos-Antiguos": "true"}
_MAL = {400: "Falta un parámetro o no vale", **SIN_TUOTEMPO}


@rutas.get("/api/centros")
@rutas.input(DeCentros, location="query", arg_name="consulta")
@rutas.output(Centros, description="`X-Datos-Antiguos: true` si TuoTempo no contesta y son los de antes")
@rutas.doc(responses=_MAL)
def obtener_centros(consulta: DeCentros) -> Response:
    """Obtener centros, todos o los de un código postal o una provincia."""
    return _centros(consulta, consulta.cp, consulta.provincia)


@rutas.get("/api/centros/<string:cp>")
@rutas.input(DeCentrosDeUnCp, location="query", arg_name="consulta")
@rutas.output(Centros)
@rutas.doc(responses=_MAL)
def obtener_centros_de_un_cp(cp: str, consulta: DeCentrosDeUnCp) -> Response:
    """Obtener los centros de un código postal."""
    return _centros(consulta, cp, consulta.provincia)


@rutas.get("/api/actividades")
@rutas.input(DeActividades, location="query", arg_name="consulta")
@rutas.output(Actividades)
@rutas.doc(responses={**_MAL, 404: "TuoTempo no conoce el centro"})
def obtener_actividades(consulta: DeActividades) -> Response:
    """Obtener las actividades disponibles en un centro."""
    try:
        recibida = exigir_correcta(cliente_de(consulta).get_activities(consulta.centro_id))
    except ErrorDeTuoTempo as error:
        raise error.contado("Error al obtener actividades") from None
    claves = ("activityid", "activityTitle", "description")
    halladas = [{clave: str(una.get(clave) or "") for clave in claves} for una in resultados(recibida)]
    mensaje = f"Se encontraron {len(halladas)} actividades" if halladas else "No se encontraron actividades"
    return respuesta({"success": True, "message": mensaje, "actividades": halladas})


@rutas.get("/api/slots")
@rutas.input(DeSlots, location="query", arg_name="consulta")
@rutas.output(Slots, description="Huecos por hora de comienzo, enteros: así se envían a `/confirm`")
@rutas.doc(responses=_MAL)
def obtener_slots(consulta: DeSlots) -> Response:
    """Obtener huecos disponibles."""
    donde = (consulta.actividad_id, consulta.centro_id, consulta.desde)
    recibida = cliente_de(consulta).get_available_slots(*donde, resource_id=consulta.recurso_id or None)
    vacia = {"success": True, "message": "No se encontraron slots disponibles", "slots": []}
    try:
        libres = huecos(exigir_correcta(recibida))
    except ErrorDeTuoTempo as error:
        if error.fallo.motivo is Motivo.SIN_HUECOS:
            return respuesta({**vacia, "motivo": error.texto})
        raise error.contado("Error al obtener slots") from None
    if not libres:
        return respuesta(vacia)
    mensaje = f"Se encontraron {len(libres)} slots disponibles"
    return respuesta({"success": True, "message": mensaje, "slots": libres})


@rutas.get("/api/clinica/code")
@rutas.input(DeClinicas, location="query", arg_name="consulta")
@rutas.output(Clinicas, description="Hasta tres, por nombre")
@rutas.doc(responses={**_MAL, **SIN_DATOS})
def buscar_clinica(consulta: DeClinicas) -> Response:
    """Buscar el código de una clínica por su nombre o su dirección."""
    with lectura(fallo=fallo_de_base) as conexion:
        sin_directorio = not catalogos.hay_clinicas(conexion)
    if sin_directorio:  # solo recién instalado: después lo renueva la tarea diaria
        catalogo().renovar_clinicas("es", ajustes().tuotempo_entorno)
    with lectura(fallo=fallo_de_base) as conexion:
        return respuesta({"results": catalogos.buscar_clinicas(conexion, consulta.q, consulta.campo)})


def _centros(consulta: EnIdioma, cp: str, provincia: str) -> Response:
    try:
        recibida, antiguos = catalogo().obtener(consulta.lang, entorno_de(consulta))
    except ErrorDeTuoTempo as error:
        raise error.contado("Error al obtener centros") from None
    areas = resultados(recibida)
    halladas = [centro(area) for area in filtrar(areas, cp, provincia)]
    mensaje = f"Se encontraron {len(halladas)} centros" if areas else "No se encontraron centros"
    cuerpo = {"success": True, "message": mensaje, "centros": halladas}
    return respuesta(cuerpo, cabeceras=ANTIGUOS if antiguos else None)
