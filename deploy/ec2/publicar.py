"""Pone en marcha una versión ya preparada en esta máquina, o vuelve a una anterior. Lo llama `centralita`, como root.

Uso: publicar.py VERSIÓN [--conocida]. Se prueba entera al lado de la que está en marcha; solo si está sana se cambia
una por otra, servicio a servicio y sin cerrar ningún puerto; y si aun así algo no responde, se vuelve sola a la de
antes. Una versión conocida, a la que se vuelve, no se prueba: puede que la que está en marcha ya no responda.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import unidades
from salud import NoSana, esperar_al_principal, esperar_al_relevo, esperar_por_la_calle
from servicios import DEL_RELEVO, GATEWAY, RAIZ, SERVICIOS, TODOS, VERSIONES, Servicio

GUARDADAS = 5
REGISTRO = Path("/var/log/centralita/despliegues.log")
_inicio = time.monotonic()


def main() -> int:
    nueva, anterior = VERSIONES / sys.argv[1], _destino("actual")
    decir(f"Publicando {nueva.name}; en marcha, {anterior.name if anterior else 'ninguna'}.")
    if anterior is None:
        return _estrenar(nueva)
    enlazar("candidata", nueva)
    unidades.escribir(nueva)
    if "--conocida" not in sys.argv and not _probar(nueva, anterior):
        return 1
    if not _cambiar(nueva, anterior):
        return 1
    if anterior != nueva:
        enlazar("anterior", anterior)
    _podar()
    decir(f"✔ En marcha {nueva.name}.")
    return 0


def _estrenar(nueva: Path) -> int:
    """La primera de la máquina: no hay a quién relevar."""
    enlazar("actual", nueva)
    unidades.escribir(nueva)
    _encender_siempre()
    try:
        for servicio in TODOS:
            systemctl("restart", f"{servicio.unidad}.service")
        for servicio in TODOS:
            esperar_al_principal(servicio)
            decir(f"  {servicio.unidad} listo")
        esperar_por_la_calle()
    except NoSana as fallo:
        decir(f"✘ {fallo}\nNo había otra versión a la que volver: corrígela y vuelve a desplegar.")
        return 1
    decir(f"✔ En marcha {nueva.name}.")
    return 0


def _probar(nueva: Path, anterior: Path) -> bool:
    """Arranca cada servicio de la nueva en un puerto aparte, con los datos de verdad, sin que le llegue nadie."""
    decir("Prueba: cada servicio en un puerto aparte, con la versión en marcha intacta.")
    try:
        _a_la_vez(_probar_uno, SERVICIOS)
        _probar_uno(GATEWAY)
    except NoSana as fallo:
        unidades.escribir(anterior)
        decir(f"✘ {fallo}\n{nueva.name} no se publica: sigue en marcha {anterior.name}, sin ningún cambio.")
        return False
    return True


def _probar_uno(servicio: Servicio) -> None:
    unidad = f"{servicio.unidad}-prueba.service"
    try:
        systemctl("start", unidad)
        esperar_al_relevo(servicio, "prueba")
        if servicio is GATEWAY:
            esperar_por_la_calle(GATEWAY.puerto + DEL_RELEVO)
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
    _relevar(GATEWAY)
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
        systemctl("stop", f"{relevo}.service", *([] if servicio is GATEWAY else [f"{relevo}.socket"]))
        systemctl("reset-failed", f"{relevo}.service", exigir=False)
    decir(f"  {servicio.unidad} cambiado")


def _encender_siempre() -> None:
    """Al arrancar la máquina, y ya los puertos: ponerlos en marcha no lanza los servicios."""
    puertos = [f"{s.unidad}.socket" for s in TODOS] + [f"{s.unidad}-directo.socket" for s in SERVICIOS]
    systemctl("enable", "--quiet", *puertos, *(f"{servicio.unidad}.service" for servicio in TODOS))
    systemctl("start", *puertos)


def _a_la_vez(hacer: Callable[[Servicio], None], servicios: tuple[Servicio, ...]) -> None:
    """Tantos como núcleos: en una máquina pequeña, de uno en uno."""
    with ThreadPoolExecutor(os.cpu_count()) as hilos:
        for tarea in [hilos.submit(hacer, servicio) for servicio in servicios]:
            tarea.result()


def _destino(enlace: str) -> Path | None:
    ruta = RAIZ / enlace
    return ruta.resolve() if ruta.is_symlink() else None


def enlazar(enlace: str, version: Path) -> None:
    """De una vez (`rename`): nadie ve el enlace a medias ni deja de verlo."""
    nuevo = RAIZ / f".{enlace}.nuevo"
    nuevo.unlink(missing_ok=True)
    nuevo.symlink_to(version)
    nuevo.replace(RAIZ / enlace)


def _podar() -> None:
    """Quedan las últimas y, aunque sean más viejas, la que está en marcha y aquella a la que se volvería."""
    en_uso = {_destino("actual"), _destino("anterior"), _destino("candidata")}
    for version in sorted(VERSIONES.iterdir())[:-GUARDADAS]:
        if version not in en_uso:
            shutil.rmtree(version)
            decir(f"  borrada {version.name}: se guardan las {GUARDADAS} últimas")


def systemctl(*argumentos: str, exigir: bool = True) -> None:
    fin = subprocess.run(["systemctl", *argumentos], capture_output=True, text=True, check=False)
    if exigir and fin.returncode:
        raise NoSana(f"systemctl {' '.join(argumentos)}: {fin.stderr.strip()}")


def decir(texto: str) -> None:
    """También al registro de la máquina: si se corta la conexión, el despliegue sigue y lo cuenta allí."""
    linea = f"[{time.monotonic() - _inicio:5.1f} s] {texto}"
    with REGISTRO.open("a") as registro:
        registro.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {linea}\n")
    try:
        print(linea, flush=True)
    except BrokenPipeError:
        sys.stdout = None  # type: ignore[assignment]  # ya no escucha nadie


if __name__ == "__main__":
    sys.exit(main())
