"""Dar una cita paso a paso: qué centros hay, qué se hace en uno, qué huecos le quedan y, dada, dejarlo anotado."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from chasis.bd import BaseDeDatos
from tuotempo_leads.aplicacion import resultados
from tuotempo_leads.aplicacion.centros import Catalogo
from tuotempo_leads.aplicacion.resultados import Procedencia
from tuotempo_leads.aplicacion.tuotempo import ErrorDeTuoTempo, Respuesta, exigir_correcta, huecos as por_hora
from tuotempo_leads.dominio.cita import Hueco
from tuotempo_leads.dominio.fechas import de_utc
from tuotempo_leads.dominio.resultado import Resultado
from tuotempo_leads.infraestructura import catalogos
from tuotempo_leads.infraestructura.tuotempo import Motivo, TuoTempoAPI, resultados as lista


def centros(bd: BaseDeDatos, catalogo: Catalogo, entorno: str) -> list[Any]:
    """El directorio de clínicas, por provincia y nombre; recién instalado, se trae de TuoTempo."""
    with bd.lectura() as conexion:
        if guardadas := catalogos.todas_las_clinicas(conexion):
            return guardadas
    catalogo.renovar_clinicas("es", entorno)
    with bd.lectura() as conexion:
        return catalogos.todas_las_clinicas(conexion)


def actividades(cliente: TuoTempoAPI, centro: str) -> list[tuple[str, str]]:
    """Identificador y nombre de lo que se hace en un centro. Lanza `ErrorDeTuoTempo`."""
    recibida = exigir_correcta(cliente.get_activities(centro))
    return [
        (str(una.get("activityid") or ""), str(una.get("activityTitle") or "")) for una in lista(recibida)
    ]


def huecos(cliente: TuoTempoAPI, centro: str, actividad: str, desde: date) -> list[Respuesta]:
    """Los que quedan desde ese día, por hora; ninguno, la lista vacía. Lanza `ErrorDeTuoTempo`."""
    recibida = cliente.get_available_slots(actividad, centro, desde)
    try:
        return por_hora(exigir_correcta(recibida))
    except ErrorDeTuoTempo as error:
        if error.fallo.motivo is Motivo.SIN_HUECOS:
            return []
        raise


def anotar(
    conexion: Connection, telefono: str, hueco: Hueco, procedencia: Procedencia, *, con_pack: bool
) -> None:
    """El resultado de la llamada en la que se dio: cita agendada, con o sin pack."""
    resultado = Resultado(cita=de_utc(hueco.inicio, procedencia.zona), con_pack=con_pack)
    resultados.anotar(conexion, telefono, resultado, procedencia)
