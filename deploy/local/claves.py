"""Las claves que nadie ha puesto: se generan una vez y quedan en `datos/claves.env`, que solo puede leer su dueño."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from pathlib import Path
from secrets import token_bytes

from dotenv import dotenv_values
from procesos import carpeta_de_datos

CLAVES = ("EVENTOS_CLAVE", "PARTNERS_CLAVE_CIFRADO")


def completar_entorno() -> None:
    """Pone en el entorno las que falten. Si se pierden con `datos/`, se pierde también lo que cifraban."""
    fichero = carpeta_de_datos() / "claves.env"
    guardadas = dotenv_values(fichero)
    for nombre in CLAVES:
        if not os.environ.get(nombre):
            os.environ[nombre] = guardadas.get(nombre) or _crear(fichero, nombre)


def _crear(fichero: Path, nombre: str) -> str:
    valor = urlsafe_b64encode(token_bytes(32)).decode()
    fichero.parent.mkdir(parents=True, exist_ok=True)
    fichero.touch(0o600)
    with fichero.open("a") as salida:
        salida.write(f"{nombre}={valor}\n")
    return valor
