"""Los cuatro pasos de una cita en TuoTempo: `python example.py`.

Sin claves habla con el simulador (puerto 5010) y los datos son inventados. Con `TUOTEMPO_API_KEY_PRE` (o `_PRO` y
`TUOTEMPO_ENVIRONMENT=PRO`) habla con TuoTempo y reserva de verdad: por eso pide entonces los datos de la persona.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from datetime import timedelta

from dotenv import find_dotenv, load_dotenv
from tuotempo_api import TuoTempoAPI

from chasis import registros
from tuotempo_leads.infraestructura.tuotempo import SIMULADOR, TUOTEMPO, clasificar, fechas, resultados
from tuotempo_leads.infraestructura.tuotempo.transporte import Objeto

PRIMERA_VISITA = "sc159232371eb9c1"


class Interrumpido(Exception):
    """El ejemplo no puede seguir; el texto dice por qué."""


def main(argumentos: list[str] | None = None) -> int:
    load_dotenv(find_dotenv(usecwd=True))
    registros.configurar("ejemplo", nivel="WARNING")
    base, entorno = _con_quien()
    opciones = _opciones(argumentos, de_verdad=base.startswith(TUOTEMPO))
    print(f"Hablo con {base} ({entorno}).")
    try:
        _pedir_cita(TuoTempoAPI(lang=opciones.lang, environment=entorno, base_url=base), opciones)
    except (Interrumpido, ValueError) as motivo:
        print(f"\nNo ha podido ser: {motivo}", file=sys.stderr)
        return 1
    return 0


def _con_quien() -> tuple[str, str]:
    entorno = os.environ.get("TUOTEMPO_ENVIRONMENT") or "PRE"
    por_defecto = TUOTEMPO if os.environ.get(f"TUOTEMPO_API_KEY_{entorno}") else SIMULADOR
    return os.environ.get("TUOTEMPO_BASE_URL") or por_defecto, entorno


def _opciones(argumentos: list[str] | None, *, de_verdad: bool) -> argparse.Namespace:
    inventado = f"6000{random.randrange(10**5):05}"  # noqa: S311 — un teléfono distinto en cada demostración
    analizador = argparse.ArgumentParser(description="Pide una cita en TuoTempo.")
    analizador.add_argument("--provincia", default="Madrid")
    analizador.add_argument("--lang", default="es", choices=("es", "en", "ca"))
    for dato, valor in (
        ("nombre", "Juan"),
        ("apellidos", "Pérez"),
        ("nacimiento", "01/01/1980"),
        ("telefono", inventado),
    ):
        analizador.add_argument(f"--{dato}", required=de_verdad, default=None if de_verdad else valor)
    return analizador.parse_args(argumentos)


def _pedir_cita(api: TuoTempoAPI, opciones: argparse.Namespace) -> None:
    print(f"\n1. Centros de {opciones.provincia}")
    centros = resultados(_exigir(api, api.get_centers(opciones.provincia)))
    if not centros:
        raise Interrumpido(f"no hay centros en {opciones.provincia}")
    print(f"   {len(centros)}; elijo «{centros[0]['areaTitle']}», {centros[0]['address']}")

    print("\n2. Huecos para una primera visita")
    manana = fechas.escribir(fechas.hoy() + timedelta(days=1))
    busqueda = api.get_available_slots(PRIMERA_VISITA, centros[0]["areaid"], manana)
    huecos = resultados(_exigir(api, busqueda), "availabilities")
    if not huecos:
        raise Interrumpido(f"no hay huecos desde el {manana}")
    hueco = huecos[0]
    print(
        f"   {len(huecos)}; elijo el {hueco['start_date']} a las {hueco['startTime']} con {hueco['resourceName']}"
    )

    print(f"\n3. Alta de {opciones.nombre} {opciones.apellidos}, sin seguro")
    alta = api.register_non_insured_user(
        opciones.nombre, opciones.apellidos, opciones.nacimiento, opciones.telefono
    )
    _exigir(api, alta)
    print("   hecha")

    print("\n4. Confirmación")
    cita = _exigir(api, api.confirm_appointment(hueco, opciones.telefono))
    print(f"   {cita['msg']}. Reserva {cita['return']}")


def _exigir(api: TuoTempoAPI, respuesta: Objeto) -> Objeto:
    fallo = clasificar(respuesta)
    if fallo is None:
        return respuesta
    if fallo.incierto:
        raise Interrumpido(f"{fallo.mensaje}. Puede que sí se haya hecho: compruébalo antes de repetirlo.")
    if fallo.codigo == "CLIENT_CONNECTION_ERROR":
        raise Interrumpido(
            f"{fallo.mensaje}. Si es el simulador, arráncalo con `make run` en la raíz, "
            "o con `python app.py` en services/tuotempo-simulado."
        )
    explicacion = api.handle_error(respuesta)
    raise Interrumpido(
        f"{fallo.mensaje} ({fallo.codigo or 'sin código'}). {explicacion['recommended_action']}"
    )


if __name__ == "__main__":
    sys.exit(main())
