"""Una cita de principio a fin, como la pediría quien llama a la API de leads."""

import requests

CENTRO = "default@tt_adeslas_ecexpd4f_ef3ewl7a_ei4z3vee_44xewswy_sejh"  # los de los ejemplos del README
PRIMERA_VISITA = "sc159232371eb9c1"


def reservar(leads: str) -> requests.Response:
    """Lucía Ferrer reserva el primer hueco libre; `leads` es la raíz del servicio."""
    huecos = requests.get(f"{leads}/slots?area_id={CENTRO}", timeout=30).json()
    cita = {
        "availability": huecos["return"]["results"]["availabilities"][0],
        "communication_phone": "600123456",
        "fname": "Lucía",
        "lname": "Ferrer",
        "birthday": "12/04/1985",
        "phone": "600123456",
    }
    return requests.post(f"{leads}/confirm", json=cita, timeout=30)
