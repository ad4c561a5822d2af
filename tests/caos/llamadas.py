"""Las historias de leads: el resultado de una llamada, y una cita."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import requests

from tests.caos.historias import Fallida, Historia, Relato
from tests.citas import CENTRO


def llamada(gateway: str, telefonos: range) -> Relato:
    """El resultado de una llamada a un contacto cualquiera."""

    def relatar(historia: Historia) -> requests.Response:
        telefono = historia.recuerdo.setdefault("telefono", str(historia.azar.choice(telefonos)))
        cuerpo = {
            "telefono": telefono,
            "codigoVolverLlamar": "interrupcion",
            "razonvueltaallamar": historia.nombre,
        }
        url = f"{gateway}/leads/api/actualizar_resultado"
        return historia.paso("llamada", "POST", url, json=cuerpo, valen=(200,), datos={"telefono": telefono})

    return relatar


def cita(gateway: str, telefonos: range) -> Relato:
    """La cita de alguien que no ha pedido otra; si el hueco no puede ser, otro hueco y otra clave."""
    libres = iter(telefonos)
    turno = threading.Lock()

    def relatar(historia: Historia) -> requests.Response:
        recuerdo = historia.recuerdo
        if "telefono" not in recuerdo:
            with turno:
                recuerdo["telefono"], recuerdo["vez"] = str(next(libres)), 0
        if "hueco" not in recuerdo:
            huecos = historia.leer(f"{gateway}/leads/slots?area_id={CENTRO}").json()
            recuerdo["hueco"] = historia.azar.choice(huecos["return"]["results"]["availabilities"])
        persona = {
            "fname": historia.nombre,
            "lname": "Del Caos",
            "birthday": "12/04/1985",
            "phone": recuerdo["telefono"],
        }
        cuerpo = {"availability": recuerdo["hueco"], "communication_phone": recuerdo["telefono"], **persona}
        datos = {"telefono": recuerdo["telefono"], "hueco": identidad(recuerdo["hueco"])}
        try:
            return historia.paso(
                f"cita {recuerdo['vez']}",
                "POST",
                f"{gateway}/leads/confirm",
                json=cuerpo,
                valen=(200,),
                datos=datos,
            )
        except Fallida as fallo:
            # «No» y «no se sabe», si lo dice leads, son respuestas: con la misma clave daría lo mismo.
            de_leads = '"success"' in fallo.respuesta.text and "Retry-After" not in fallo.respuesta.headers
            if de_leads and fallo.respuesta.status_code in (400, 409, 502, 504):
                recuerdo["vez"] += 1
                del recuerdo["hueco"]
            raise

    return relatar


def identidad(hueco: Mapping[str, str]) -> list[str]:
    """Con quién, qué día y a qué hora."""
    return [hueco["resourceid"], hueco["start_date"], hueco["startTime"]]
