"""Esperar a que una unidad esté lista, y contar por qué no llega a estarlo."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request

from servicios import CALLE, DEL_RELEVO, DIRECTO, GATEWAY, PUERTO_INTERNO_DEL_GATEWAY, SERVICIOS, Servicio

PLAZO = 90.0  # segundos para estar listo, también en una máquina pequeña y ocupada


class NoSana(Exception):
    """Algo no ha llegado a estar listo; el texto dice qué y lo último que escribió."""


def esperar_al_principal(servicio: Servicio) -> None:
    _esperar(servicio.unidad, _pregunta(servicio, 0 if servicio is GATEWAY else DIRECTO))


def esperar_al_relevo(servicio: Servicio, papel: str) -> None:
    """`papel` es `relevo` o `prueba`: escuchan en el mismo puerto, nunca a la vez."""
    _esperar(f"{servicio.unidad}-{papel}", _pregunta(servicio, DEL_RELEVO))


def esperar_por_la_calle(puerto: int = CALLE) -> None:
    """Todo contesta a través del gateway: por nginx, o preguntando a Traefik en su puerto."""
    rutas = ("", *(f"/{s.nombre}" for s in SERVICIOS if s.nombre not in ("portal", "almacen")))
    for ruta in rutas:
        _esperar(GATEWAY.unidad, f"http://127.0.0.1:{puerto}{ruta}/health/live")


def _pregunta(servicio: Servicio, desplazado: int) -> str:
    if servicio is GATEWAY:
        return f"http://127.0.0.1:{PUERTO_INTERNO_DEL_GATEWAY + desplazado}/ping"
    return f"http://127.0.0.1:{servicio.puerto + desplazado}/health/ready"


def _esperar(unidad: str, url: str) -> None:
    limite, motivo, nacimiento = time.monotonic() + PLAZO, "", _nacimiento(unidad)
    while time.monotonic() < limite:
        motivo = _preguntar(url)
        if not motivo:
            return
        if _nacimiento(unidad) != nacimiento:
            motivo = "el proceso ha terminado"
            break
        time.sleep(0.1)
    raise NoSana(f"{unidad} no está listo: {motivo}\n{_ultimas_lineas(unidad)}")


def _preguntar(url: str) -> str:
    """Vacío si contesta 200; si no, por qué."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 — siempre esta máquina
            return ""
    except urllib.error.HTTPError as fallo:
        return f"contesta {fallo.code} {fallo.read(500).decode('utf-8', 'replace')}"
    except OSError as fallo:
        return f"no contesta ({fallo})"


def _nacimiento(unidad: str) -> str:
    """Cambia si el proceso muere, aunque systemd lo vuelva a lanzar porque alguien llama a su puerto."""
    orden = ["systemctl", "show", "--property=InvocationID,ActiveState", f"{unidad}.service"]
    return subprocess.run(orden, capture_output=True, text=True, check=False).stdout


def _ultimas_lineas(unidad: str, cuantas: int = 12) -> str:
    orden = ["journalctl", "--unit", unidad, "--lines", str(cuantas), "--output", "cat", "--no-pager"]
    texto = subprocess.run(orden, capture_output=True, text=True, check=False).stdout
    return "\n".join(f"    {linea[:200]}" for linea in texto.splitlines())
