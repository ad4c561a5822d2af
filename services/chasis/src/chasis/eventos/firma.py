"""Firma de las entregas por HTTP, con las cabeceras de Standard Webhooks (www.standardwebhooks.com).

La marca de tiempo caduca a los cinco minutos; dentro de ellos, repetir una entrega no hace nada: el inbox la conoce.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import b64encode
from collections.abc import Mapping

from chasis.errores import NoAutorizado

TOLERANCIA = 300  # segundos


class Firma:
    """`claves` separadas por comas: firma la primera y vale cualquiera, para poder cambiarlas sin parar."""

    def __init__(self, claves: str) -> None:
        self._claves = [clave.strip().encode() for clave in claves.split(",") if clave.strip()]

    def cabeceras(self, identificador: str, cuerpo: bytes) -> dict[str, str]:
        """Las tres que firman esta entrega ahora."""
        if not self._claves:
            raise RuntimeError("Falta EVENTOS_CLAVE: sin ella no se puede firmar ninguna entrega")
        momento = str(int(time.time()))
        firma = f"v1,{_firmar(self._claves[0], identificador, momento, cuerpo)}"
        return {"webhook-id": identificador, "webhook-timestamp": momento, "webhook-signature": firma}

    def comprobar(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> None:
        """Lanza `NoAutorizado` si la entrega no la hizo quien conoce la clave, o si es vieja."""
        identificador, momento, firma = (
            cabeceras.get(f"webhook-{parte}", "") for parte in ("id", "timestamp", "signature")
        )
        reciente = momento.isdecimal() and abs(time.time() - int(momento)) <= TOLERANCIA
        buenas = [_firmar(clave, identificador, momento, cuerpo) for clave in self._claves]
        recibida = firma.removeprefix("v1,").encode()
        if not (reciente and any(hmac.compare_digest(buena.encode(), recibida) for buena in buenas)):
            raise NoAutorizado("La firma de la entrega no vale o ha caducado")


def _firmar(clave: bytes, identificador: str, momento: str, cuerpo: bytes) -> str:
    firmado = b".".join((identificador.encode(), momento.encode(), cuerpo))
    return b64encode(hmac.digest(clave, firmado, hashlib.sha256)).decode()
