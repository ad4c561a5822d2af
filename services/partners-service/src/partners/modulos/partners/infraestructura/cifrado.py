"""La configuración de una integración, cifrada antes de guardarla (Fernet: AES-128-CBC y HMAC-SHA256)."""

from __future__ import annotations

from typing import Any

import orjson
from cryptography.fernet import Fernet, MultiFernet


class Cifrador:
    """Cifra con la primera clave y descifra con cualquiera: para cambiarla, se antepone la nueva."""

    def __init__(self, claves: list[str]) -> None:
        """Cada clave son 32 bytes en base64 de URL; `ValueError` si alguna no lo es."""
        self._fernet = MultiFernet([Fernet(clave) for clave in claves])

    def cifrar(self, configuracion: dict[str, Any] | None) -> bytes | None:
        return None if configuracion is None else self._fernet.encrypt(orjson.dumps(configuracion))

    def descifrar(self, cifrada: bytes) -> dict[str, Any]:
        objeto: dict[str, Any] = orjson.loads(self._fernet.decrypt(cifrada))
        return objeto

    def recifrar(self, cifrada: bytes) -> bytes:
        """Lo mismo, cifrado con la primera clave."""
        return self._fernet.rotate(cifrada)
