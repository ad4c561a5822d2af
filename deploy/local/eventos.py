"""`make seguir`, `make dlq` y `make dlq-reintentar`: qué fue de una petición y de los eventos que fallaron."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import contenedores
from claves import completar_entorno
from procesos import CON_EVENTOS, RAIZ, Proceso, carpeta_de_datos, carpeta_de_registros, entorno_de
from vivo import pid_del_supervisor

_COLUMNAS = ("hora", "servicio", "event", "level", "peticion", "traza")


def main() -> int:
    accion, *resto = sys.argv[1:]
    completar_entorno()
    return {"seguir": seguir, "dlq": dlq, "dlq-reintentar": reintentar}[accion](*resto)


def seguir(identificador: str = "") -> int:
    """Todas las líneas de registro de una petición, de todos los servicios, por orden."""
    if not identificador:
        print("Falta el id: make seguir id=<X-Request-ID de la respuesta>")
        return 1
    lineas = sorted(_lineas_de(identificador), key=lambda linea: str(linea["hora"]))
    for linea in lineas:
        detalles = " ".join(f"{k}={v}" for k, v in linea.items() if k not in _COLUMNAS)
        print(f"{linea['hora'][11:23]}  {linea['servicio']:<20} {linea['event']:<18} {detalles}")
    if not lineas:
        print(
            f"Ningún registro habla de «{identificador}» (se conservan los últimos 20 MB de cada servicio)."
        )
    return 0 if lineas else 1


def dlq() -> int:
    """Los eventos que agotaron sus intentos, con su error."""
    with ThreadPoolExecutor() as a_la_vez:  # cada pregunta arranca un Python
        muertos = list(
            chain.from_iterable(a_la_vez.map(lambda uno: _trabajador(uno, "muertas"), CON_EVENTOS))
        )
    for muerto in muertos:
        print(f"{muerto['servicio']:<10} {muerto['manejador']:<30} {muerto['evento_id']}")
        print(f"           clave {muerto['clave']} · {muerto['intentos']} intentos · {muerto['error']}")
    print(f"{len(muertos)} eventos muertos." + (" Devuélvelos con `make dlq-reintentar`." if muertos else ""))
    return 0


def reintentar(evento_id: str = "") -> int:
    """Devuelve a la cola los muertos, o solo uno."""
    for proceso in CON_EVENTOS:
        (cuenta,) = _trabajador(proceso, "reintentar", *([evento_id] if evento_id else []))
        print(f"{proceso.nombre:<10} {cuenta['devueltos']} eventos vuelven a intentarse")
    return 0


def _lineas_de(identificador: str) -> Iterator[dict[str, str]]:
    for texto in contenedores.registros() if _en_contenedores() else _registros():
        if identificador not in texto:
            continue
        try:
            linea = json.loads(texto)
        except ValueError:
            continue
        if identificador in (linea.get("peticion"), linea.get("traza")):
            yield linea


def _en_contenedores() -> bool:
    """Si hay de las dos, manda la de `make run`."""
    return pid_del_supervisor(carpeta_de_datos()) is None and bool(contenedores.en_marcha())


def _registros() -> Iterator[str]:
    for fichero in sorted(carpeta_de_registros().glob("*.log*")):
        with fichero.open(encoding="utf-8", errors="replace") as registro:
            yield from registro


def _trabajador(proceso: Proceso, *orden: str) -> list[dict[str, Any]]:
    """Los objetos que escribe el trabajador de un servicio cuando se le da una orden; lo demás son registros."""
    if _en_contenedores():
        salida = contenedores.trabajador(proceso.nombre, proceso.paquete, *orden)
    else:
        salida = subprocess.run(
            [sys.executable, "-m", f"{proceso.paquete}.trabajador", *orden],
            env={**os.environ, **entorno_de(proceso)},
            cwd=RAIZ / proceso.carpeta,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return [json.loads(linea) for linea in salida.splitlines() if linea.startswith('{"servicio"')]


if __name__ == "__main__":
    sys.exit(main())
