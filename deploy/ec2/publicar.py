"""Pone en marcha una versión ya preparada en esta máquina, o vuelve a una anterior. Lo llama `centralita`, como root.

Uso: publicar.py VERSIÓN [--conocida]. Se prueba entera al lado de la que está en marcha; solo si está sana se cambia
una por otra, servicio a servicio y sin cerrar ningún puerto; y si aun así algo no responde, se vuelve sola a la de
antes. Una versión conocida, a la que se vuelve, no se prueba: puede que la que está en marcha ya no responda.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import unidades
from maquina import decir, destino, enlazar, systemctl
from salud import NoSana, esperar_al_principal, esperar_al_relevo, esperar_por_la_calle
from servicios import RAIZ, SERVICIOS, TODOS, VERSIONES, Servicio

import gateway

GUARDADAS = 5


def main() -> int:
    nueva, anterior = VERSIONES / sys.argv[1], destino("actual")
    decir(f"Publicando {nueva.name}; en marcha, {anterior.name if anterior else 'ninguna'}.")
    if anterior is None:
        return _estrenar(nueva)
    conocida = "--conocida" in sys.argv
    enlazar("candidata", nueva)
    unidades.escribir(nueva)
    if not ((conocida or _probar(nueva, anterior)) and _cambiar(nueva, anterior)):
        if not conocida and nueva not in _en_uso():
            shutil.rmtree(nueva)  # ocuparía el sitio de una buena
        return 1
    if anterior != nueva:
        enlazar("anterior", anterior)
    _podar()
    decir(f"✔ En marcha {nueva.name}.")
    return 0


def _estrenar(nueva: Path) -> int:
    """La primera de la máquina: no hay a quién relevar."""
    for enlace in ("actual", "gateway"):
        enlazar(enlace, nueva)
    unidades.escribir(nueva)
    gateway.apuntar()
    _encender_siempre()
    try:
        for servicio in TODOS:
            systemctl("restart", f"{servicio.unidad}.service")
        for servicio in TODOS:
            esperar_al_principal(servicio)
            decir(f"  {servicio.unidad} listo")
        esperar_por_la_calle()
    except NoSana as fallo:
        for enlace in ("actual", "gateway"):
            (RAIZ / enlace).unlink()
        decir(f"✘ {fallo}\nNo había otra versión a la que volver: corrígela y vuelve a desplegar.")
        return 1
    decir(f"✔ En marcha {nueva.name}.")
    return 0


def _probar(nueva: Path, anterior: Path) -> bool:
    """Arranca cada servicio de la nueva en un puerto aparte, con los datos de verdad, sin que le llegue nadie."""
    decir("Prueba: cada servicio en un puerto aparte, con la versión en marcha intacta.")
    try:
        _a_la_vez(_probar_uno, SERVICIOS)
        gateway.probar(nueva)
    except NoSana as fallo:
        enlazar("candidata", anterior)
        unidades.escribir(anterior)
        decir(f"✘ {fallo}\n{nueva.name} no se publica: sigue en marcha {anterior.name}, sin ningún cambio.")
        return False
    return True


def _probar_uno(servicio: Servicio) -> None:
    unidad = f"{servicio.unidad}-prueba.service"
    try:
        systemctl("start", unidad)
        esperar_al_relevo(servicio, "prueba")
    finally:
        systemctl("stop", unidad)
        systemctl("reset-failed", unidad, exigir=False)
    decir(f"  {servicio.unidad} está sano")


def _cambiar(nueva: Path, anterior: Path) -> bool:
    decir("Cambio: el puerto lo atiende un relevo mientras el servicio pasa a la versión nueva.")
    try:
        _pasar_a(nueva)
    except NoSana as fallo:
        decir(f"✘ {fallo}\nVuelta automática a {anterior.name}.")
        _volver(anterior)
        return False
    return True


def _pasar_a(version: Path) -> None:
    enlazar("candidata", version)
    enlazar("actual", version)
    _encender_siempre()
    _a_la_vez(_relevar, SERVICIOS)
    gateway.cambiar(version)
    for servicio in TODOS:
        esperar_al_principal(servicio)
    esperar_por_la_calle()


def _volver(anterior: Path) -> None:
    unidades.escribir(anterior)
    try:
        _pasar_a(anterior)
    except NoSana as fallo:
        decir(f"✘ {fallo}\nTampoco {anterior.name} responde: mira `journalctl` y `centralita estado`.")
    else:
        decir(f"✔ De vuelta en {anterior.name}.")


def _relevar(servicio: Servicio) -> None:
    relevo = f"{servicio.unidad}-relevo"
    try:
        systemctl("start", f"{relevo}.service")
        esperar_al_relevo(servicio, "relevo")
        systemctl("restart", f"{servicio.unidad}.service")
        esperar_al_principal(servicio)
    finally:
        systemctl("stop", f"{relevo}.service", f"{relevo}.socket")
        systemctl("reset-failed", f"{relevo}.service", exigir=False)
    decir(f"  {servicio.unidad} cambiado")


def _encender_siempre() -> None:
    """Al arrancar la máquina, y ya los puertos: ponerlos en marcha no lanza los servicios."""
    puertos = [f"{s.unidad}{cual}.socket" for s in SERVICIOS for cual in ("", "-directo")]
    systemctl("enable", "--quiet", *puertos, *(f"{servicio.unidad}.service" for servicio in TODOS))
    systemctl("start", *puertos)


def _a_la_vez(hacer: Callable[[Servicio], None], servicios: tuple[Servicio, ...]) -> None:
    """Tantos como núcleos: en una máquina pequeña, de uno en uno."""
    with ThreadPoolExecutor(os.cpu_count()) as hilos:
        for tarea in [hilos.submit(hacer, servicio) for servicio in servicios]:
            tarea.result()


def _en_uso() -> set[Path | None]:
    return {destino(enlace) for enlace in ("actual", "anterior", "candidata", "gateway")}


def _podar() -> None:
    """Quedan las últimas y, aunque sean más viejas, la que está en marcha y aquella a la que se volvería."""
    en_uso = _en_uso()
    for version in sorted(VERSIONES.iterdir())[:-GUARDADAS]:
        if version not in en_uso:
            shutil.rmtree(version)
            decir(f"  borrada {version.name}: se guardan las {GUARDADAS} últimas")


if __name__ == "__main__":
    sys.exit(main())
