"""La clave que firma los tokens: la de la configuración o, en desarrollo, una propia que se guarda con los datos."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

import structlog

from espacio_clientes.config.settings import LARGO_DEL_SECRETO, Ajustes


def clave_de_firma(ajustes: Ajustes) -> bytes:
    """La clave en bytes; producción no llega aquí sin una buena (`Ajustes` se niega)."""
    if not ajustes.secreto_inservible:
        return ajustes.secreto.get_secret_value().encode()
    fichero = ajustes.directorio_datos / "espacio_secreto.key"
    clave = _leer_o_crear(fichero)
    structlog.get_logger().warning(
        "clave_de_desarrollo", motivo="no hay SECRET_KEY propia", fichero=str(fichero)
    )
    return clave


def clave_derivada(clave: bytes, uso: str) -> bytes:
    """Una clave distinta para cada uso: quien conozca una no conoce las demás."""
    return hmac.digest(clave, uso.encode(), "sha256")


def _leer_o_crear(fichero: Path) -> bytes:
    fichero.parent.mkdir(parents=True, exist_ok=True)
    provisional = fichero.with_suffix(f".{os.getpid()}")
    descriptor = os.open(provisional, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as nuevo:
        nuevo.write(secrets.token_urlsafe(LARGO_DEL_SECRETO))
    try:
        os.link(provisional, fichero)  # si dos procesos arrancan a la vez, gana uno y el otro lee la suya
    except FileExistsError:
        pass
    finally:
        provisional.unlink()
    return fichero.read_bytes()
