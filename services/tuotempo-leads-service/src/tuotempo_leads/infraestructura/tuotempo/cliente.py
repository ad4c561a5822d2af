"""`TuoTempoAPI`: los cuatro pasos de una cita, tal como los nombra el README."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

from tuotempo_leads.dominio.centros import filtrar
from tuotempo_leads.infraestructura.tuotempo import conexion, fechas
from tuotempo_leads.infraestructura.tuotempo.conexion import Conexion
from tuotempo_leads.infraestructura.tuotempo.fallos import accion_recomendada, clasificar
from tuotempo_leads.infraestructura.tuotempo.lectura import memberid, resultados
from tuotempo_leads.infraestructura.tuotempo.transporte import Objeto, Transporte

IDIOMAS = ("es", "en", "ca")
_DE_UN_HUECO = ("resourceid", "start_date", "startTime", "endTime", "activityid")


class TuoTempoAPI:
    """Cliente de TuoTempo. Cada método devuelve la respuesta tal como llegó, también si es una excepción suya.

    Si TuoTempo no contesta o no se le entiende, la respuesta es `{"result": "ERROR", "exception": "CLIENT_…",
    "msg", "details", "outcome_unknown", "return": []}`: ningún método lanza por la red. `clasificar(respuesta)` da el
    motivo y `handle_error(respuesta)` lo explica. `ValueError`, antes de llamar a nadie, si un dato no vale.

    Se puede usar desde varios hilos: a quién se dio de alta se recuerda por hilo, y nadie reserva a nombre de otro.
    """

    def __init__(
        self,
        instance_id: str | None = None,
        lang: str = "es",
        api_key: str | None = None,
        environment: str = "PRE",
        *,
        base_url: str | None = None,
        transporte: Transporte | None = None,
    ) -> None:
        """Lo que no se diga sale de `TUOTEMPO_INSTANCE_ID`, `TUOTEMPO_API_KEY_PRE|PRO` y `TUOTEMPO_BASE_URL`.

        `transporte` comparte conexiones entre clientes; por defecto, uno propio con el plazo `TUOTEMPO_TIMEOUT`.
        """
        if lang not in IDIOMAS:
            raise ValueError(f"lang debe ser uno de {', '.join(IDIOMAS)}, y es {lang!r}")
        self._conexion = Conexion.de(environment, instance_id=instance_id, api_key=api_key, base_url=base_url)
        self._idioma = {"lang": lang}
        self._transporte = transporte or Transporte(conexion.plazo())
        self._de_este_hilo = threading.local()

    def get_centers(self, province: str | None = None) -> Objeto:
        """Centros en `return.results`. La provincia se filtra también aquí: no consta que TuoTempo lo haga."""
        respuesta = self._leer("areas", {"province": province.strip()} if province else {})
        if province and isinstance(respuesta.get("return"), dict):
            centros = filtrar(resultados(respuesta), provincia=province)
            respuesta["return"] = {**respuesta["return"], "results": centros}
        return respuesta

    def get_activities(self, area_id: str, *, path: str = "activities", param: str = "areaid") -> Objeto:
        """Actividades de un centro en `return.results`; ruta y parámetro se pueden cambiar: no están documentados."""
        return self._leer(path, {param: _texto("area_id", area_id)})

    def get_available_slots(  # noqa: PLR0917 — la firma es la del README
        self,
        activity_id: str,
        area_id: str,
        start_date: str | date,
        resource_id: str | None = None,
        min_time: str | int | None = None,
        max_time: str | int | None = None,
    ) -> Objeto:
        """Huecos en `return.results.availabilities`, desde `start_date` (DD/MM/AAAA) o desde hoy si ya pasó.

        `min_time` y `max_time`, en minutos desde medianoche, solo se envían si se dicen. Cada hueco lleva además el
        `searchid` de la búsqueda, que TuoTempo pide al reservar.
        """
        desde = max(fechas.leer(start_date, "start_date"), fechas.hoy())
        consulta = {
            "activityid": _texto("activity_id", activity_id),
            "areaId": _texto("area_id", area_id),
            "start_date": fechas.escribir(desde),
            "bypass_availabilities_fallback": "true",
        }
        opcionales = {"resourceId": resource_id, "minTime": min_time, "maxTime": max_time}
        consulta |= {clave: str(valor) for clave, valor in opcionales.items() if valor not in (None, "")}
        respuesta = self._leer("availabilities", consulta)
        if searchid := respuesta.get("searchid"):
            for hueco in resultados(respuesta, "availabilities"):
                hueco.setdefault("searchid", searchid)
        return respuesta

    def register_non_insured_user(self, fname: str, lname: str, birthday: str | date, phone: str) -> Objeto:
        """Da de alta a quien recibirá la cita; su identidad es `user_info.memberid`, y no la sesión.

        El alta correcta llega sin `result`. Este cliente la recuerda para `confirm_appointment` en el mismo hilo.
        """
        cuerpo = {
            "fname": _texto("fname", fname),
            "lname": _texto("lname", lname),
            "birthday": fechas.escribir(fechas.leer(birthday, "birthday")),
            "phone": _texto("phone", phone),
            "privacy": "1",
            "onetime_user": "1",  # en minúsculas: con mayúscula crearía una cuenta y enviaría un SMS
        }
        self._de_este_hilo.usuario = None
        respuesta = self._enviar("users", cuerpo)
        self._de_este_hilo.usuario = memberid(respuesta)
        return respuesta

    def confirm_appointment(
        self, availability: Mapping[str, Any], communication_phone: str, *, userid: str | None = None
    ) -> Objeto:
        """Reserva el hueco, que ha de ser el objeto entero de `get_available_slots`; `return` es el identificador.

        `userid` es un `memberid`; sin él, el del último alta de este hilo. Nunca se repite sola: si la respuesta trae
        `outcome_unknown`, la cita puede existir.
        """
        quien = userid or getattr(self._de_este_hilo, "usuario", None)
        if not quien:
            raise ValueError("No session ID available. Please register a user first.")
        if not self._conexion.clave:
            raise ValueError(f"Falta la clave de TuoTempo: {self._conexion.variable_de_la_clave}")
        if falta := [campo for campo in _DE_UN_HUECO if not availability.get(campo)]:
            raise ValueError(f"A availability le falta {', '.join(falta)}")
        cuerpo = {
            **availability,
            "userid": quien,
            "communication_phone": _texto("communication_phone", communication_phone),
            "tags": "WEB_NO_ASEGURADO",
            "isExternalPayment": "false",
        }
        return self._enviar("reservations", cuerpo, clave=self._conexion.clave)

    def handle_error(self, response: Mapping[str, Any]) -> dict[str, str]:
        """`{error, message, recommended_action}` de una respuesta que no salió bien; vacíos si salió bien."""
        fallo = clasificar(response)
        if fallo is None:
            return {"error": "", "message": "", "recommended_action": ""}
        return {
            "error": fallo.codigo,
            "message": fallo.mensaje,
            "recommended_action": accion_recomendada(fallo),
        }

    def _leer(self, ruta: str, consulta: Mapping[str, str]) -> Objeto:
        return self._transporte.pedir("GET", self._conexion.raiz, ruta, consulta={**self._idioma, **consulta})

    def _enviar(self, ruta: str, cuerpo: object, clave: str = "") -> Objeto:
        return self._transporte.pedir(
            "POST", self._conexion.raiz, ruta, consulta=self._idioma, cuerpo=cuerpo, clave=clave
        )


def _texto(campo: str, valor: str) -> str:
    limpio = str(valor).strip() if valor is not None else ""
    if not limpio:
        raise ValueError(f"{campo} no puede estar en blanco")
    return limpio
