"""Después de las averías: se espera a que todo lo pendiente se reparta, se reintente y se concilie."""

from __future__ import annotations

import time

from tests.caos.estado import Estado
from tests.caos.montaje import Montaje

PLAZO = 900.0  # segundos; sin poder mover la hora, una cita dudosa tarda minutos en saberse
ENTRE_SALTOS = 12.0
SALTO = 150  # segundos de reloj: menos de lo que dura la firma de una entrega
_POR_ANULAR = "SELECT COUNT(*) FROM pagos WHERE anulacion_pedida_por IS NOT NULL AND estado = 'APROBADO'"
_PENDIENTES = {
    "citas": ("leads", "SELECT COUNT(*) FROM citas WHERE estado IN ('en_curso', 'desconocida')"),
    "pagos": ("espacio", "SELECT COUNT(*) FROM pagos WHERE estado IN ('INICIADO', 'DESCONOCIDO')"),
    "anulaciones": ("espacio", _POR_ANULAR),
    "escrituras": ("almacen", "SELECT COUNT(*) FROM intenciones WHERE hecha = 0"),
}  # fmt: skip


def pendiente(estado: Estado) -> dict[str, int]:
    cuentas = {que: estado.uno(servicio, consulta) for que, (servicio, consulta) in _PENDIENTES.items()}
    for servicio in estado.bases:
        vivos = "SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM inbox_espera WHERE muerta = 0)"
        cuentas[f"eventos de {servicio}"] = estado.uno(servicio, vivos)
    return {que: cuantos for que, cuantos in cuentas.items() if cuantos}


def esperar_a_que_acabe(estado: Estado, montaje: Montaje) -> dict[str, int]:
    """Lo que quede pendiente al acabar el plazo. La hora se adelanta a saltos para no esperar minutos de verdad."""
    limite, salto, adelanto = time.monotonic() + PLAZO, time.monotonic() + ENTRE_SALTOS, 0
    while (quedan := pendiente(estado)) and time.monotonic() < limite:
        if time.monotonic() > salto and not montaje.reloj.motivo:
            salto, adelanto = time.monotonic() + ENTRE_SALTOS, adelanto + SALTO
            montaje.reloj.mover(adelanto)
        time.sleep(0.5)
    return quedan
