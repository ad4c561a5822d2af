"""Confirmar una cita: se aparta el hueco, se pide a TuoTempo y se anota lo que contestó.

Mientras TuoTempo contesta no hay ninguna transacción ni conexión abierta. Un hueco apartado no lo puede pedir nadie
más: de muchos que lo quieran a la vez, solo uno llega a TuoTempo. Después de contestar, quien decide es TuoTempo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from chasis.bd import BaseDeDatos
from chasis.eventos import emitir
from chasis.eventos.sobre import uuid7
from tuotempo_leads.aplicacion.eventos import TEMA, CitaConfirmada
from tuotempo_leads.aplicacion.reloj import ahora
from tuotempo_leads.aplicacion.tuotempo import CONFLICTO, ErrorDeTuoTempo, Respuesta, exigir_correcta, rechazo
from tuotempo_leads.dominio.cita import Hueco
from tuotempo_leads.infraestructura import citas, repositorio
from tuotempo_leads.infraestructura.interbloqueos import en_escritura
from tuotempo_leads.infraestructura.tuotempo import Fallo, Motivo, TuoTempoAPI, clasificar, memberid

YA_CONFIRMADA = "Su cita ya estaba confirmada"
_NO_CONTESTO = (Motivo.SIN_CONEXION, Motivo.SIN_RESPUESTA, Motivo.ILEGIBLE, Motivo.PORTAL_LENTO)


@dataclass(frozen=True)
class Persona:
    """A nombre de quién es la cita: alguien ya registrado (`userid`) o sus cuatro datos, para registrarlo."""

    telefono: str  # el de contacto, tal como llegó
    telefono_norm: str
    userid: str = ""
    nombre: str = ""
    apellidos: str = ""
    nacimiento: str = ""
    telefono_propio: str = ""
    pedida_por: int | None = None  # usuario del panel, si la pidió uno


@dataclass(frozen=True)
class Confirmacion:
    """La respuesta de TuoTempo y la cita que quedó anotada."""

    cita_id: str
    respuesta: Respuesta


class Citas:
    def __init__(self, bd: BaseDeDatos, zona: ZoneInfo) -> None:
        """`zona` es la de las clínicas."""
        self._bd, self._zona = bd, zona

    def confirmar(
        self, cliente: TuoTempoAPI, entorno: str, hueco: Hueco, persona: Persona, *, con_pack: bool | None
    ) -> Confirmacion:
        """Lanza `ErrorDeTuoTempo`; si su `fallo.incierto`, la cita queda `desconocida` hasta que se concilie."""
        cita_id = self._apartar(entorno, hueco, persona, con_pack)
        try:
            userid = persona.userid or _registrar(cliente, persona)
            respuesta = exigir_correcta(
                cliente.confirm_appointment(hueco.disponibilidad, persona.telefono, userid=userid)
            )
        except ErrorDeTuoTempo as error:
            estado = "desconocida" if error.fallo.incierto else "rechazada"
            self._anotar_fallo(cita_id, estado, error.codigo, error.texto)
            error.cuerpo |= {"cita_id": cita_id, "estado": estado}
            raise
        except BaseException:
            # No se sabe por dónde iba: mejor comprobarlo después que dar el hueco a otro.
            self._anotar_fallo(cita_id, "desconocida", "FALLO_INTERNO", None)
            raise
        nuevos = {"resid": _resid(respuesta), "memberid": userid[:100]}

        def anotar(conexion: Connection) -> None:
            dar_por_confirmada(conexion, citas.una(conexion, cita_id), self._zona, **nuevos)

        en_escritura(self._bd, anotar)
        return Confirmacion(cita_id, respuesta)

    def ya_confirmada(self, hueco: Hueco, persona: Persona) -> Confirmacion | None:
        """La de un intento anterior de la misma petición, que murió después de anotarla y antes de contestar."""
        lugar = hueco.texto("areaid", 100), hueco.texto("resourceid")
        with self._bd.lectura() as conexion:
            cita = citas.confirmada(conexion, persona.telefono_norm, hueco.inicio, *lugar)
        return cita and Confirmacion(cita.id, {"result": "OK", "return": cita.resid, "msg": YA_CONFIRMADA})

    def _apartar(self, entorno: str, hueco: Hueco, persona: Persona, con_pack: bool | None) -> str:
        """Anota la cita en curso, con el hueco a su nombre, y da su id."""
        cita_id, momento = uuid7(), ahora()
        fijos = {"id": cita_id, "estado": "en_curso", "creada_en": momento, "actualizada_en": momento}

        def anotar(conexion: Connection) -> None:
            conocidos = repositorio.de_telefono(conexion, persona.telefono_norm)
            quien = _de_quien(persona, conocidos[0] if conocidos else None, con_pack)
            citas.insertar(conexion, fijos | quien | _de_que(hueco, entorno))

        try:
            en_escritura(self._bd, anotar)
        except IntegrityError:
            raise self._hueco_ocupado(hueco, persona) from None
        return cita_id

    def _hueco_ocupado(self, hueco: Hueco, persona: Persona) -> ErrorDeTuoTempo:
        with self._bd.lectura() as conexion:
            otra = citas.que_ocupa(conexion, hueco.identidad)
        if otra is not None and otra.telefono_norm == persona.telefono_norm:
            texto = "Ya se pidió este hueco para este teléfono y aún no se sabe si TuoTempo lo dio"
            return rechazo(CONFLICTO, texto, cita_id=otra.id, estado=otra.estado)
        return rechazo(CONFLICTO, "El hueco ya no está disponible: lo está reservando otra persona")

    def _anotar_fallo(self, cita_id: str, estado: str, motivo: str, mensaje: str | None) -> None:
        libre: dict[str, Any] = {"hueco_ocupado": None} if estado == "rechazada" else {}
        causa = {"motivo": motivo[:100], "mensaje": mensaje}
        nuevos = {"estado": estado, **libre, **causa}
        en_escritura(
            self._bd, lambda conexion: citas.cambiar(conexion, cita_id, ("en_curso",), ahora(), **nuevos)
        )


def dar_por_confirmada(conexion: Connection, cita: Any, zona: ZoneInfo, **valores: Any) -> bool:
    """Anota que la cita existe, cancela la rellamada del contacto y lo publica. Dice si estaba pendiente."""
    momento = ahora()
    nuevos = {"estado": "confirmada", "hueco_ocupado": None, **valores}
    if not citas.cambiar(conexion, cita.id, citas.PENDIENTES, momento, **nuevos):
        return False
    if cita.lead_id:
        repositorio.cerrar_rellamada(conexion, cita.lead_id, "cancelada", momento)
    suceso = CitaConfirmada(
        cita_id=cita.id,
        lead_ref=str(cita.lead_id) if cita.lead_id else None,
        telefono=cita.telefono_norm,
        nombre=cita.nombre or "",
        centro=cita.centro or "",
        inicio=cita.inicio.replace(tzinfo=UTC).astimezone(zona),
        con_pack=bool(cita.con_pack),
    )
    emitir(conexion, TEMA, suceso, clave=cita.id, secuencia=cita.version + 1)
    return True


def _registrar(cliente: TuoTempoAPI, persona: Persona) -> str:
    """`memberid` de la persona. Si no se puede, nunca queda duda sobre la cita: no se ha llegado a pedir."""
    datos = (persona.nombre, persona.apellidos, persona.nacimiento, persona.telefono_propio)
    respuesta = cliente.register_non_insured_user(*datos)
    if (userid := memberid(respuesta)) is not None:
        return userid
    fallo = clasificar(respuesta) or Fallo(Motivo.OTRO, "", "", 400)
    if fallo.motivo in _NO_CONTESTO:
        raise ErrorDeTuoTempo(replace(fallo, incierto=False), respuesta)
    sin_registro = Fallo(fallo.motivo, fallo.codigo, "Failed to register user", 400)
    raise ErrorDeTuoTempo(sin_registro, {"details": respuesta})


def _de_quien(persona: Persona, lead: Any, con_pack: bool | None) -> dict[str, Any]:
    del_lead = " ".join(filter(None, (lead.nombre, lead.apellidos))) if lead else ""
    nombre = f"{persona.nombre} {persona.apellidos}".strip() or del_lead
    return {
        "lead_id": lead.id if lead else None,
        "telefono_norm": persona.telefono_norm,
        "nombre": nombre[:255],
        "memberid": persona.userid[:100] or None,
        "usuario_id": persona.pedida_por,
        "con_pack": bool(lead and lead.conPack) if con_pack is None else con_pack,
    }


def _de_que(hueco: Hueco, entorno: str) -> dict[str, Any]:
    return {
        "hueco_ocupado": hueco.identidad,
        "area_id": hueco.texto("areaid", 100),
        "centro": hueco.texto("areaTitle"),
        "recurso_id": hueco.texto("resourceid"),
        "recurso": hueco.texto("resourceName"),
        "actividad_id": hueco.texto("portal_activityid", 100) or hueco.texto("activityid", 100),
        "actividad": hueco.texto("portal_activityTitle") or hueco.texto("activityTitle"),
        "inicio": hueco.inicio,
        "fin": hueco.fin,
        "entorno": entorno,
        "disponibilidad": orjson.dumps(hueco.disponibilidad).decode(),
    }


def _resid(respuesta: Respuesta) -> str | None:
    valor = respuesta.get("return") or respuesta.get("resid")
    return valor[:255] if isinstance(valor, str) else None
